using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Support;

/// <summary>Fake time that counts its pending timers.</summary>
internal sealed class CountedTime : FakeTimeProvider
{
    private int _waiting;

    /// <summary>The number of timers that have neither fired nor been disposed.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _waiting);
        return new Timer(base.CreateTimer(callback, state, dueTime, period), () => Interlocked.Decrement(ref _waiting));
    }

    private sealed class Timer(ITimer timer, Action ended) : ITimer
    {
        private Action? _ended = ended;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            Interlocked.Exchange(ref _ended, null)?.Invoke();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
