namespace Esddns.Operator.Agreement;

/// <summary>What it takes to believe an address.</summary>
internal sealed record AgreementOptions
{
    /// <summary>How many operators must say the same. 1 to 100, default 2.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>In how many ways it must have been seen, as far as so many are configured. 1 to 4, default 2.</summary>
    public int Classes { get; init; } = 2;

    /// <summary>
    /// How long a changed address has to last, when not every class says so already: it is believed when a second round after this
    /// time says the same. 0 to 60 s, default 2 s.
    /// </summary>
    public TimeSpan HoldDown { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Names of special-purpose ranges whose addresses count all the same, e.g. <c>documentation</c> in a simulation or
    /// <c>private-use</c> behind a router of one's own. Default none.
    /// </summary>
    public IReadOnlySet<string> AllowedRanges { get; init; } = new HashSet<string>();
}
