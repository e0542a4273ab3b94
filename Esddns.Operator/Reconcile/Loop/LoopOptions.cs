namespace Esddns.Operator.Reconcile.Loop;

/// <summary>Options for the intervals of the control loop.</summary>
internal sealed record LoopOptions
{
    /// <summary>The interval between full rounds without another trigger. 10 s to 1 day, default 300 s.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// The maximum interval between canaries; each one is randomly shortened by up to a fifth. 1 s to 1 h, default 10
    /// s.
    /// </summary>
    public TimeSpan CanaryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long credentials may stay unused while the name servers confirm all records. A call to the DNS provider then
    /// shows whether they are still valid. With the other calls of a day, a zone costs fewer than 24. 2 h.
    /// </summary>
    public static TimeSpan CredentialCheckInterval { get; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How long a round always waits for its zones. After that, a trigger ends the round, and the zones continue. 2 s.
    /// </summary>
    public static TimeSpan MinZoneWait { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The maximum time that a round waits for its zones; after that, they continue without it. 30 s.</summary>
    public static TimeSpan MaxZoneWait { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The upper limit of the first random wait after a failure; it doubles with each further failure. 2 s.
    /// </summary>
    public static TimeSpan FirstBackoff { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The maximum of that limit, so that recovery after a fault is not delayed for long. 30 s.</summary>
    public static TimeSpan MaxBackoff { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The minimum wait after a failure. 100 ms.</summary>
    public static TimeSpan MinBackoff { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay that a server may request. 15 min.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromMinutes(15);
}
