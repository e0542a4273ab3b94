namespace Esddns.Operator.Reconcile;

/// <summary>
/// When a thing that failed may be tried again: after a random wait below an end that doubles with each failure ("full jitter"),
/// and never before the time that the other side has asked for.
/// </summary>
internal sealed class Backoff<TKey>(TimeProvider time, Random random) where TKey : notnull
{
    private readonly Dictionary<TKey, Wait> _waits = [];
    private readonly Lock _gate = new();

    /// <summary>How long until something may be tried again; null when nothing waits. Never negative.</summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_gate) return _waits.Count == 0 ? null : _waits.Values.Min(w => Left(w.Since, Longer(w.Jitter, w.Asked)));
        }
    }

    /// <summary>Whether it may be tried now. A person who asks is spared the jitter, but not what the other side asked for.</summary>
    public bool MayTry(TKey key, bool aPersonAsks)
    {
        lock (_gate)
            return !_waits.TryGetValue(key, out var w) || Left(w.Since, aPersonAsks ? w.Asked : Longer(w.Jitter, w.Asked)) == TimeSpan.Zero;
    }

    /// <summary>It failed; <paramref name="retryAfter"/> is what the other side asked for.</summary>
    public void Failed(TKey key, TimeSpan? retryAfter = null)
    {
        lock (_gate)
        {
            var failures = _waits.TryGetValue(key, out var before) ? before.Failures + 1 : 1;
            var end = LoopOptions.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 16));
            var jitter = random.NextDouble() * (end < LoopOptions.MaxBackoff ? end : LoopOptions.MaxBackoff);
            _waits[key] = new Wait(failures, time.GetTimestamp(), jitter, retryAfter ?? TimeSpan.Zero);
        }
    }

    /// <summary>It worked.</summary>
    public void Succeeded(TKey key)
    {
        lock (_gate) _waits.Remove(key);
    }

    private TimeSpan Left(long since, TimeSpan wait) =>
        wait - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan x, TimeSpan y) => x > y ? x : y;

    private sealed record Wait(int Failures, long Since, TimeSpan Jitter, TimeSpan Asked);
}
