using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Support;

/// <summary>
/// Fake time with separate wall clock and monotonic clock, to simulate a correction of the system clock.
/// </summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private readonly FakeTimeProvider _steady = new(start);
    private TimeSpan _jumped;

    /// <inheritdoc/>
    public override long TimestampFrequency => _steady.TimestampFrequency;

    /// <summary>Advances both clocks.</summary>
    public void Advance(TimeSpan time) => _steady.Advance(time);

    /// <summary>Moves the wall clock only.</summary>
    public void Jump(TimeSpan by) => _jumped += by;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _steady.GetUtcNow() + _jumped;

    /// <inheritdoc/>
    public override long GetTimestamp() => _steady.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _steady.CreateTimer(callback, state, dueTime, period);
}
