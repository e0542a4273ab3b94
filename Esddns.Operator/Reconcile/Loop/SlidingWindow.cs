namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// Allows at most <paramref name="limit"/> operations within any <paramref name="window"/>. The limiters of
/// System.Threading.RateLimiting use their own clock, which tests cannot set. Not safe for concurrent callers.
/// </summary>
internal sealed class SlidingWindow(int limit, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _taken = new(limit);

    /// <summary>The time until <see cref="Take"/> is within the limit; zero when it is now.</summary>
    public TimeSpan Wait
    {
        get
        {
            var now = time.GetTimestamp();
            while (_taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= window)
                _taken.Dequeue();
            return _taken.Count < limit ? TimeSpan.Zero : window - time.GetElapsedTime(_taken.Peek(), now);
        }
    }

    /// <summary>Counts one operation, even above the limit.</summary>
    public void Take()
    {
        if (_taken.Count == limit)
            _taken.Dequeue();
        _taken.Enqueue(time.GetTimestamp());
    }
}
