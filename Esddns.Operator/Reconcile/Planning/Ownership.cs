using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Planning;

/// <summary>The values of an RRset that are ours, according to the state.</summary>
/// <param name="Ours">The values that were sent last, confirmed or not.</param>
/// <param name="Former">The values before those.</param>
/// <param name="IsOutdated">Whether further values may have been sent that the state does not contain, because it could
/// not be stored.</param>
internal sealed record Ownership(AddressSet Ours, AddressSet Former, bool IsOutdated = false)
{
    /// <summary>No values are known to be ours.</summary>
    public static Ownership None { get; } = new(AddressSet.Empty, AddressSet.Empty);

    /// <summary>All current and former values of ours.</summary>
    public AddressSet Ever => Ours.With(Former);

    /// <summary>
    /// Whether the state cannot tell which values of an RRset are ours: none was ever sent, or the state is outdated
    /// and contains none of them.
    /// </summary>
    public bool IsUnknownFor(AddressSet values) => Ever.Count == 0 || (IsOutdated && !values.Any(Ever.Contains));
}
