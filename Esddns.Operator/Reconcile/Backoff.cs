using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// When a thing that failed may be tried again. A passing fault: after a random wait below an end that doubles with
/// each failure ("full jitter"), and not before the time that the other side has asked for, up to
/// <see cref="LoopOptions.MaxRetryAfter"/>. A fault that only a person can mend: after the sync interval. A person who
/// asks does not wait.
/// </summary>
internal sealed class Backoff<TKey>(LoopOptions options, TimeProvider time, Random random)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Wait> _waits = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// How long until the first of them may be tried again; null when nothing waits. Never less than the floor.
    /// </summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_gate)
                return _waits.Count == 0 ? null : Longer(_waits.Values.Min(Left), LoopOptions.MinBackoff);
        }
    }

    /// <summary>Whether it may be tried now.</summary>
    public bool MayTry(TKey key, bool aPersonAsks)
    {
        lock (_gate)
            return aPersonAsks || !_waits.TryGetValue(key, out var wait) || Left(wait) == TimeSpan.Zero;
    }

    /// <summary>It failed; <paramref name="retryAfter"/> is what the other side asked for.</summary>
    /// <returns>How long it is left alone now.</returns>
    public TimeSpan Failed(TKey key, FaultKind kind = FaultKind.Transient, TimeSpan? retryAfter = null)
    {
        lock (_gate)
        {
            var failures = _waits.TryGetValue(key, out var before) ? before.Failures + 1 : 1;
            var wait = Longer(kind == FaultKind.Transient ? Jitter(failures) : options.SyncInterval, Asked(retryAfter));
            _waits[key] = new Wait(failures, time.GetTimestamp(), Longer(wait, LoopOptions.MinBackoff));
            return _waits[key].Length;
        }
    }

    /// <summary>It worked.</summary>
    public void Succeeded(TKey key)
    {
        lock (_gate)
            _waits.Remove(key);
    }

    /// <summary>Forgets all but <paramref name="keys"/>: what is not tried any more must not be waited for.</summary>
    public void Keep(IReadOnlySet<TKey> keys)
    {
        lock (_gate)
            foreach (var key in _waits.Keys.Where(k => !keys.Contains(k)).ToArray())
                _waits.Remove(key);
    }

    /// <summary>Lets those be tried at once: what they failed for may be over.</summary>
    public void Forget(Func<TKey, bool> which)
    {
        lock (_gate)
            foreach (var key in _waits.Keys.Where(which).ToArray())
                _waits.Remove(key);
    }

    private TimeSpan Jitter(int failures)
    {
        var end = LoopOptions.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 16));
        return random.NextDouble() * (end < LoopOptions.MaxBackoff ? end : LoopOptions.MaxBackoff);
    }

    private static TimeSpan Asked(TimeSpan? retryAfter) =>
        retryAfter is not { } asked ? TimeSpan.Zero
        : asked < LoopOptions.MaxRetryAfter ? asked
        : LoopOptions.MaxRetryAfter;

    private TimeSpan Left(Wait wait) => Longer(wait.Length - time.GetElapsedTime(wait.Since), TimeSpan.Zero);

    private static TimeSpan Longer(TimeSpan x, TimeSpan y) => x > y ? x : y;

    private sealed record Wait(int Failures, long Since, TimeSpan Length);
}
