namespace Esddns.Operator.Reconcile;

/// <summary>How often the loop looks.</summary>
internal sealed record LoopOptions
{
    /// <summary>Between full rounds, when nothing calls for one earlier. 10 s to 1 day, default 300 s.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// Between canaries, at most; each wait is shortened at random by up to a fifth. 1 s to 1 h, default 10 s.
    /// </summary>
    public TimeSpan CanaryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The upper end of the first random wait after a failure; it doubles with each further one.</summary>
    public static TimeSpan FirstBackoff { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The upper end that it grows to: a fault that is over must not be waited for much longer.</summary>
    public static TimeSpan MaxBackoff { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest wait after a failure.</summary>
    public static TimeSpan MinBackoff { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time for which a server may ask to be left alone.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromMinutes(15);
}
