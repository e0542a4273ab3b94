namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>
/// One uninterrupted hold of the Lease. It expires without a renewal.
/// </summary>
internal sealed class LeadershipTerm : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _renewed;
    private DateTimeOffset _renewedAt;
    private volatile bool _isOver;

    /// <summary>Begins with a Lease that was asked for at <paramref name="asked"/>.</summary>
    public LeadershipTerm(int number, Instant asked, TimeSpan deadline, TimeProvider time)
    {
        (Number, _deadline, _time) = (number, deadline, time);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Ended = _end.Token;
        Renew(asked);
    }

    /// <summary>Counts the terms of all holders.</summary>
    public int Number { get; }

    /// <summary>Cancelled at its end.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether the state of the predecessor has been taken over, so that it may be written.</summary>
    public bool IsReady { get; set; }

    /// <summary>
    /// Whether the Lease is provably held: by the clock that never jumps and by the one that goes on while the machine
    /// sleeps. A clock that was set, in whichever direction, proves nothing, and the next renewal settles it.
    /// </summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate)
                return !_isOver
                    && _time.GetElapsedTime(_renewed) < _deadline
                    && (_time.GetUtcNow() - _renewedAt).Duration() < _deadline;
        }
    }

    /// <summary>
    /// The Lease was renewed by a request that was sent at <paramref name="asked"/>; from then on it counts.
    /// </summary>
    public void Renew(Instant asked)
    {
        lock (_gate)
        {
            if (_isOver || Ended.IsCancellationRequested)
                return;
            (_renewed, _renewedAt) = (asked.Timestamp, asked.At);
            var left = _deadline - _time.GetElapsedTime(_renewed);
            if (left > TimeSpan.Zero)
                _end.CancelAfter(left);
            else
                _end.Cancel();
        }
    }

    /// <summary>Ends it now.</summary>
    public void End()
    {
        _isOver = true;
        _end.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    /// <summary>A moment by both clocks.</summary>
    internal readonly record struct Instant(long Timestamp, DateTimeOffset At)
    {
        /// <summary>This one.</summary>
        public static Instant Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());
    }
}
