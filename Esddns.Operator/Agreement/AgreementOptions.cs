namespace Esddns.Operator.Agreement;

/// <summary>What it takes to believe an address.</summary>
internal sealed record AgreementOptions
{
    /// <summary>How many different servers must say the same. 1 to 100, default 2.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>
    /// Names of special-purpose ranges whose addresses count all the same, e.g. <c>documentation</c> in a simulation or
    /// <c>private-use</c> behind a router of one's own. Default none.
    /// </summary>
    public IReadOnlySet<string> AllowedRanges { get; init; } = new HashSet<string>();
}
