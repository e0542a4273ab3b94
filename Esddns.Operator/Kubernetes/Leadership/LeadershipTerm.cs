namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>One uninterrupted hold of the Lease. It expires without a renewal.</summary>
internal sealed class LeadershipTerm : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _renewed;
    private DateTimeOffset _renewedAt;
    private volatile bool _isOver;

    /// <summary>Begins a term. The request for the Lease was sent at <paramref name="sent"/>.</summary>
    public LeadershipTerm(int number, ClockReading sent, TimeSpan deadline, TimeProvider time)
    {
        (Number, _deadline, _time) = (number, deadline, time);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Ended = _end.Token;
        Renew(sent);
    }

    /// <summary>The number of the term; the terms of all holders are counted.</summary>
    public int Number { get; }

    /// <summary>Cancelled at the end of the term.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Whether the state of the predecessor has been taken over, so that writes are allowed.</summary>
    public bool IsReady { get; set; }

    /// <summary>
    /// Whether the Lease is certainly held: by the monotonic clock, and by the wall clock, which continues while the
    /// machine is suspended. After the wall clock jumped by more than the deadline, the result is false until the next
    /// renewal.
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
    /// Extends the term after a renewal. It counts from <paramref name="sent"/>, when the request was sent.
    /// </summary>
    public void Renew(ClockReading sent)
    {
        lock (_gate)
        {
            if (_isOver || Ended.IsCancellationRequested)
                return;
            (_renewed, _renewedAt) = (sent.Timestamp, sent.At);
            var left = _deadline - _time.GetElapsedTime(_renewed);
            if (left > TimeSpan.Zero)
                _end.CancelAfter(left);
            else
                _end.Cancel();
        }
    }

    /// <summary>Ends the term now.</summary>
    public void End()
    {
        _isOver = true;
        _end.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    /// <summary>A moment on both clocks.</summary>
    internal readonly record struct ClockReading(long Timestamp, DateTimeOffset At)
    {
        /// <summary>The present moment.</summary>
        public static ClockReading Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());
    }
}
