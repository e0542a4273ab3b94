namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// The wait before the next attempt of a channel: a random time between <see cref="Floor"/> and a limit that doubles
/// with each failure, up to <see cref="Ceiling"/>. A wait that the receiver requests is honoured up to
/// <see cref="MaxRetryAfter"/>.
/// </summary>
internal sealed class RetryRule(Random random)
{
    /// <summary>The shortest wait. 5 s.</summary>
    public static TimeSpan Floor { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait. 30 min.</summary>
    public static TimeSpan Ceiling { get; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest wait that a receiver may request. 6 h.</summary>
    public static TimeSpan MaxRetryAfter { get; } = TimeSpan.FromHours(6);

    /// <summary>The wait.</summary>
    /// <param name="failures">The number of failures in succession, from 1.</param>
    /// <param name="retryAfter">The wait that the receiver requests; null when it requests none.</param>
    public TimeSpan After(int failures, TimeSpan? retryAfter)
    {
        var limit = Floor * Math.Pow(2, Math.Clamp(failures, 1, 16));
        var own = Floor + (Shorter(limit, Ceiling) - Floor) * random.NextDouble();
        var requested = Shorter(retryAfter ?? TimeSpan.Zero, MaxRetryAfter);
        return own > requested ? own : requested;
    }

    private static TimeSpan Shorter(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
