namespace Esddns.Operator.Kubernetes.Events;

/// <summary>
/// Limits how often Events are written. A repeated Event is counted, and its count is written at intervals. One object
/// cannot fill the API server with new Events.
/// </summary>
internal sealed class EventCorrelator(TimeProvider time)
{
    /// <summary>The maximum number of remembered Events, and of remembered objects.</summary>
    private const int MaxRemembered = 4096;

    /// <summary>The number of repetitions of an Event that are written at once; later ones wait.</summary>
    private const int MaxRepeats = 3;

    /// <summary>The maximum number of Events of an object at once. One more is possible after each interval.</summary>
    private const int Burst = 25;

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _events = [];
    private readonly Dictionary<string, Entry> _objects = [];

    /// <summary>Counts an Event. Returns the count to write now, or null to write nothing now.</summary>
    public int? Add(string name, string about)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var entry = GetOrAdd(_events, name, now);
            entry.Count++;
            if (entry.Count > MaxRepeats && time.GetElapsedTime(entry.At, now) < s_interval)
                return null;
            var quota = GetOrAdd(_objects, about, now);
            var refilled = (int)(time.GetElapsedTime(quota.At, now) / s_interval);
            if (refilled > 0)
                (quota.Count, quota.At) = (Math.Max(0, quota.Count - refilled), now);
            if (quota.Count >= Burst)
                return null;
            quota.Count++;
            entry.At = now;
            return entry.Count;
        }
    }

    /// <summary>Sets the count that an earlier leader has written.</summary>
    public void Correct(string name, int count)
    {
        lock (_gate)
            GetOrAdd(_events, name, time.GetTimestamp()).Count = count;
    }

    /// <summary>Returns the entry of the key. When the dictionary is full, the older half is removed.</summary>
    private static Entry GetOrAdd(Dictionary<string, Entry> entries, string key, long now)
    {
        if (entries.TryGetValue(key, out var known))
            return known;
        if (entries.Count >= MaxRemembered)
            foreach (var old in entries.OrderBy(e => e.Value.At).Take(MaxRemembered / 2).ToArray())
                entries.Remove(old.Key);
        return entries[key] = new Entry { At = now };
    }

    private sealed class Entry
    {
        public int Count { get; set; }

        public long At { get; set; }
    }
}
