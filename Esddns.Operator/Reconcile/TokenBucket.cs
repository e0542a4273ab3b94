namespace Esddns.Operator.Reconcile;

/// <summary>
/// Lets through a burst of <paramref name="capacity"/>, then one in each <paramref name="refill"/>. The library's limiter
/// (System.Threading.RateLimiting) has a clock of its own, which tests cannot set. For one caller at a time.
/// </summary>
internal sealed class TokenBucket(int capacity, TimeSpan refill, TimeProvider time)
{
    private double _tokens = capacity;
    private long _at = time.GetTimestamp();

    /// <summary>How long until <see cref="TryTake"/> succeeds.</summary>
    public TimeSpan Wait
    {
        get
        {
            Refill();
            return _tokens > 0.9999 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling((1 - _tokens) * refill.Ticks));
        }
    }

    /// <summary>Takes one, if there is one.</summary>
    public bool TryTake()
    {
        if (Wait > TimeSpan.Zero) return false;
        _tokens--;
        return true;
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(capacity, _tokens + (time.GetElapsedTime(_at, now) / refill));
        _at = now;
    }
}
