namespace Esddns.Operator.Reconcile.Loop;

/// <summary>Options for the intervals of the control loop.</summary>
internal sealed record LoopOptions
{
    private static readonly TimeSpan s_leastCredentialCheckInterval = TimeSpan.FromHours(2);

    /// <summary>The interval between full rounds without another trigger. 10 s to 1 day, default 300 s.</summary>
    public TimeSpan SyncInterval { get; init; } = DefaultSyncInterval;

    /// <summary>
    /// The maximum interval between canaries; each one is randomly shortened by up to a fifth. 1 s to 1 h, default 10
    /// s.
    /// </summary>
    public TimeSpan CanaryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long credentials may stay unused while the name servers confirm all records; the name servers do not show
    /// that a token was revoked. At the default sync interval and above it is at least 2 h, so that a zone costs fewer
    /// than 24 requests a day. Below, it is the sync interval.
    /// </summary>
    public TimeSpan CredentialCheckInterval =>
        SyncInterval < DefaultSyncInterval || SyncInterval > s_leastCredentialCheckInterval
            ? SyncInterval
            : s_leastCredentialCheckInterval;

    private static TimeSpan DefaultSyncInterval { get; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// How long a round waits for its zones in any case. After that, a trigger ends it, and the zones continue.
    /// 2 s.
    /// </summary>
    public static TimeSpan MinZoneWait { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The maximum time that a round waits for its zones; after it, they continue alone. 30 s.</summary>
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
