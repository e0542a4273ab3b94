namespace Esddns.Tests.Support;

/// <summary>
/// Fake time that skips each wait: a timer fires at once and advances the clock by its due time. It suits one loop that
/// waits only for timers; the elapsed time is then exact.
/// </summary>
internal sealed class SkippingTime : TimeProvider
{
    private long _ticks;

    /// <summary>The elapsed time.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // The timer has already fired.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
