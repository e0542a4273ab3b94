using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary>Fake time that records the requested waits.</summary>
internal sealed class RecordingTime : FakeTimeProvider
{
    /// <summary>The recorded waits.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    /// <summary>Waits up to this duration end at once.</summary>
    public TimeSpan Skips { get; init; } = TimeSpan.FromTicks(-1);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
            Waits.Enqueue(dueTime);
        var isSkipped = dueTime >= TimeSpan.Zero && dueTime <= Skips;
        return base.CreateTimer(callback, state, isSkipped ? TimeSpan.Zero : dueTime, period);
    }
}
