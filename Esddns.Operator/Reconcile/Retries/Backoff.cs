using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Reconcile.Retries;

/// <summary>
/// Decides when failed operations may be retried: each has its own wait, with the length from
/// <see cref="RetryDelay"/>. A request by a person is never delayed.
/// </summary>
internal sealed class Backoff<TKey>(RetryDelay delay, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Wait> _waits = [];
    private readonly Lock _gate = new();
    private long _forgotten;

    /// <summary>
    /// The time until the next retry is due; null when no retry is pending. Never less than
    /// <see cref="LoopOptions.MinBackoff"/>.
    /// </summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_gate)
                return _waits.Count == 0 ? null : Longer(_waits.Values.Min(Left), LoopOptions.MinBackoff);
        }
    }

    /// <summary>
    /// The number of calls of <see cref="Forget"/>. When it grows during an operation, the cause of a failure may be
    /// resolved already.
    /// </summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>Whether the last try of the operation failed.</summary>
    public bool HasFailed(TKey key)
    {
        lock (_gate)
            return _waits.ContainsKey(key);
    }

    /// <summary>Whether the operation may be tried now.</summary>
    public bool MayTry(TKey key, bool isByPerson)
    {
        lock (_gate)
            return isByPerson || !_waits.TryGetValue(key, out var wait) || Left(wait) == TimeSpan.Zero;
    }

    /// <summary>
    /// Records a failure; <paramref name="retryAfter"/> is the delay that the server requests, usually from
    /// <see cref="ProviderFault.RetryAfter"/>.
    /// </summary>
    /// <returns>The time until the next attempt.</returns>
    public TimeSpan Failed(TKey key, FaultKind kind = FaultKind.Transient, TimeSpan? retryAfter = null)
    {
        lock (_gate)
        {
            var failures = _waits.TryGetValue(key, out var before) ? before.Failures + 1 : 1;
            var length = delay.After(failures, kind, retryAfter);
            _waits[key] = new Wait(failures, time.GetTimestamp(), length);
            return length;
        }
    }

    /// <summary>Records a success.</summary>
    public void Succeeded(TKey key)
    {
        lock (_gate)
            _waits.Remove(key);
    }

    /// <summary>
    /// Removes all entries except <paramref name="keys"/>, because an operation that is no longer tried must not cause
    /// waits.
    /// </summary>
    public void RetainOnly(IReadOnlySet<TKey> keys)
    {
        lock (_gate)
            foreach (var key in _waits.Keys.Where(k => !keys.Contains(k)).ToArray())
                _waits.Remove(key);
    }

    /// <summary>
    /// Removes the selected entries, so that they are retried at once because their cause may be resolved.
    /// </summary>
    public void Forget(Func<TKey, bool> which)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _forgotten);
            foreach (var key in _waits.Keys.Where(which).ToArray())
                _waits.Remove(key);
        }
    }

    private TimeSpan Left(Wait wait) => Longer(wait.Length - time.GetElapsedTime(wait.Since), TimeSpan.Zero);

    private static TimeSpan Longer(TimeSpan x, TimeSpan y) => x > y ? x : y;

    private sealed record Wait(int Failures, long Since, TimeSpan Length);
}
