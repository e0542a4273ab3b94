namespace Esddns.Operator.Reconcile;

/// <summary>
/// Lets through at most <paramref name="limit"/> within any <paramref name="window"/>. The library's limiters
/// (System.Threading.RateLimiting) have a clock of their own, which tests cannot set. For one caller at a time.
/// </summary>
internal sealed class SlidingWindow(int limit, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _taken = new(limit);

    /// <summary>How long until <see cref="Take"/> is within the limit; zero when it is now.</summary>
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

    /// <summary>Counts one, within the limit or not.</summary>
    public void Take()
    {
        if (_taken.Count == limit)
            _taken.Dequeue();
        _taken.Enqueue(time.GetTimestamp());
    }
}
