using System.Net;

namespace Esddns.Operator.Agreement;

/// <summary>What it takes to believe an address.</summary>
internal sealed record AgreementOptions
{
    /// <summary>How many providers must report the same address. 1 to 100, default 2.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>
    /// In how many trust classes it must have been seen, as far as so many are configured and can answer. There are
    /// three: STUN and DNS together, echo services, interfaces. 1 to 4, default 2.
    /// </summary>
    public int Classes { get; init; } = 2;

    /// <summary>
    /// How long a changed address has to last, when not every class says so already: it is believed when a second round
    /// after this time says the same. 0 to 60 s, default 2 s.
    /// </summary>
    public TimeSpan HoldDown { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Names of special-purpose ranges whose addresses count all the same, e.g. <c>documentation</c> in a simulation or
    /// <c>private-use</c> behind a router of one's own. Default none.
    /// </summary>
    public IReadOnlySet<string> AllowedRanges { get; init; } = new HashSet<string>();

    /// <summary>
    /// The special-purpose range because of which <paramref name="address"/> does not count; null when it counts.
    /// </summary>
    public SpecialPurposeRange? Refused(IPAddress address) =>
        SpecialPurposeRanges.Find(address) is { } range && !AllowedRanges.Contains(range.Name) ? range : null;
}
