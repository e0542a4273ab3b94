using System.Collections.Concurrent;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Decides which faults of an object get a log line: the first one, and another one when the last line is old enough.
/// Faults that alternate would fill the log otherwise.
/// </summary>
internal sealed class FaultLines<TKey>(TimeProvider time)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, (string Reason, long At)> _last = new();

    /// <summary>The shortest time between two lines about an object that stays faulty. 30 min.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether the fault of an object gets a line. The line counts as logged then.</summary>
    /// <param name="key">The object.</param>
    /// <param name="reason">Why it is faulty now.</param>
    /// <param name="stored">Why it was faulty in the stored state, which outlives this process; null if it was
    /// not.</param>
    public bool IsDue(TKey key, string reason, string? stored = null)
    {
        var isDue = _last.TryGetValue(key, out var last)
            ? last.Reason != reason && time.GetElapsedTime(last.At) >= Pause
            : reason != stored;
        if (isDue)
            _last[key] = (reason, time.GetTimestamp());
        return isDue;
    }

    /// <summary>Ends the fault of an object: its next one gets a line.</summary>
    public void Ended(TKey key) => _last.TryRemove(key, out _);

    /// <summary>Forgets all other objects.</summary>
    public void RetainOnly(IReadOnlySet<TKey> keys)
    {
        foreach (var key in _last.Keys.Where(k => !keys.Contains(k)).ToArray())
            _last.TryRemove(key, out _);
    }
}
