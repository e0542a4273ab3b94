using System.Net;

namespace Esddns.Operator.Agreement;

/// <summary>The conditions under which an address counts as agreed.</summary>
internal sealed record AgreementOptions
{
    /// <summary>How many providers must report the same address. 1 to 100, default 2.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>
    /// How many trust classes must report the address. Classes without a configured source that can answer do not
    /// count. The trust classes are: STUN and DNS together, echo services, interfaces. 1 to 3, default 2.
    /// </summary>
    public int Classes { get; init; } = 2;

    /// <summary>
    /// How long a changed address must last when not every evidence class reports it. A second round after this time
    /// must agree on the same address. 0 to 60 s, default 2 s.
    /// </summary>
    public TimeSpan HoldDown { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Names of special-purpose ranges whose addresses count as usable, e.g. <c>documentation</c> in a simulation or
    /// <c>private-use</c> behind your own router. Default none.
    /// </summary>
    public IReadOnlySet<string> AllowedRanges { get; init; } = new HashSet<string>();

    /// <summary>
    /// The special-purpose range that makes <paramref name="address"/> unusable; null when the address is usable.
    /// </summary>
    public SpecialPurposeRange? Refused(IPAddress address) =>
        SpecialPurposeRanges.Find(address) is { } range && !AllowedRanges.Contains(range.Name) ? range : null;
}
