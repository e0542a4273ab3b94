using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Kubernetes.Sources;

/// <summary>Decides which addresses of the cluster a record may hold.</summary>
/// <param name="rangeOf">Returns the special-purpose range that excludes an address; null when none does.</param>
internal sealed class AddressRules(Func<IPAddress, string?> rangeOf)
{
    /// <summary>The maximum number of addresses in a record: the state and a DNS answer have to hold them.</summary>
    public const int MaxAddresses = 100;

    /// <summary>The ranges of internal networks (RFC 1918, RFC 6598, RFC 4193).</summary>
    private static readonly HashSet<string> s_internal = ["private-use", "shared-address-space", "unique-local"];

    /// <summary>
    /// The addresses for a record of this type. Special-purpose addresses are excluded, unless the configuration allows
    /// their range: the internet cannot reach them. No address means unknown, never empty.
    /// </summary>
    /// <param name="found">Addresses of any family.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="nothing">The reason when no address was found.</param>
    /// <param name="isInternal">Whether the object explicitly requests internal addresses.</param>
    public Evidence Of(IEnumerable<IPAddress> found, RecordType type, string nothing, bool isInternal = false)
    {
        var addresses = AddressSources.OfType(found, type);
        var usable = new AddressSet(addresses.Where(a => Refusal(a, isInternal) is null));
        if (usable.Count > MaxAddresses)
            return new Evidence.Unknown(
                $"{usable.Count} addresses are more than the {MaxAddresses} that a record can hold; select fewer nodes"
            );
        if (usable.Count > 0)
            return new Evidence.Agreed(usable);
        if (addresses.FirstOrDefault() is not { } refused)
            return new Evidence.Unknown(nothing);
        var range = Refusal(refused, isInternal);
        return new Evidence.Unknown(
            $"{refused} is not published: it is in the range {range}, which the internet cannot reach; "
                + "to publish it, add the range to Esddns:Agreement:AllowedRanges"
        );
    }

    private string? Refusal(IPAddress address, bool isInternal) =>
        rangeOf(address) is { } range && !(isInternal && s_internal.Contains(range)) ? range : null;
}
