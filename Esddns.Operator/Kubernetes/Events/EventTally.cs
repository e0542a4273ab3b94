namespace Esddns.Operator.Kubernetes.Events;

/// <summary>
/// How often an Event is written: what happens again and again is counted here, and told once in a while; and one
/// object cannot fill the API server with ever new Events.
/// </summary>
internal sealed class EventTally(TimeProvider time)
{
    /// <summary>So many Events, and so many objects, are remembered.</summary>
    private const int MaxRemembered = 4096;

    /// <summary>So often a repeated Event is written at once.</summary>
    private const int AtOnce = 3;

    /// <summary>So many Events an object may have at once, and then one more an interval.</summary>
    private const int Burst = 25;

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _events = [];
    private readonly Dictionary<string, Entry> _objects = [];

    /// <summary>One more; the count to write now, or null when it is not written now.</summary>
    public int? Add(string name, string about)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var entry = Of(_events, name, now);
            entry.Count++;
            if (entry.Count > AtOnce && time.GetElapsedTime(entry.At, now) < s_interval)
                return null;
            var room = Of(_objects, about, now);
            var back = (int)(time.GetElapsedTime(room.At, now) / s_interval);
            if (back > 0)
                (room.Count, room.At) = (Math.Max(0, room.Count - back), now);
            if (room.Count >= Burst)
                return null;
            room.Count++;
            entry.At = now;
            return entry.Count;
        }
    }

    /// <summary>It was counted before, by another leader.</summary>
    public void Correct(string name, int count)
    {
        lock (_gate)
            Of(_events, name, time.GetTimestamp()).Count = count;
    }

    /// <summary>What is remembered of it; when there is too much to remember, the oldest half is forgotten.</summary>
    private static Entry Of(Dictionary<string, Entry> entries, string key, long now)
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
