using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Reconcile.Retries;

/// <summary>
/// Calculates the wait before a retry. After a transient fault: a random time below a limit that doubles with each
/// failure ("full jitter"). After a persistent fault: the sync interval. The delay that the server requests with
/// Retry-After (RFC 9110, section 10.2.3) is always honoured, up to <see cref="LoopOptions.MaxRetryAfter"/>.
/// </summary>
internal sealed class RetryDelay(LoopOptions options, Random random)
{
    /// <summary>
    /// Calculates the wait after a failure. Never less than <see cref="LoopOptions.MinBackoff"/>.
    /// </summary>
    /// <param name="failures">The number of failures in succession, from 1.</param>
    /// <param name="kind">Whether the fault can end without a change by a person.</param>
    /// <param name="retryAfter">The delay that the server requests; null when it requests none.</param>
    public TimeSpan After(int failures, FaultKind kind, TimeSpan? retryAfter)
    {
        var own = kind == FaultKind.Transient ? Jitter(failures) : options.SyncInterval;
        var requested = Shorter(retryAfter ?? TimeSpan.Zero, LoopOptions.MaxRetryAfter);
        return Longer(Longer(own, requested), LoopOptions.MinBackoff);
    }

    private TimeSpan Jitter(int failures)
    {
        var end = LoopOptions.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 16));
        return random.NextDouble() * Shorter(end, LoopOptions.MaxBackoff);
    }

    private static TimeSpan Longer(TimeSpan x, TimeSpan y) => x > y ? x : y;

    private static TimeSpan Shorter(TimeSpan x, TimeSpan y) => x < y ? x : y;
}
