namespace Esddns.Simulator.LiveDns;

/// <summary>Limits the requests from one source in any minute.</summary>
internal sealed class RateLimit(int perMinute, TimeProvider time)
{
    private readonly Dictionary<string, Queue<long>> _seen = [];
    private readonly Lock _gate = new();

    /// <summary>
    /// Whether one more request is allowed; if not, <paramref name="retryAfter"/> is the wait in seconds.
    /// </summary>
    public bool TryTake(string source, out int retryAfter)
    {
        lock (_gate)
        {
            if (!_seen.TryGetValue(source, out var times))
                _seen[source] = times = new Queue<long>();
            var now = time.GetTimestamp();
            while (times.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= TimeSpan.FromMinutes(1))
                times.Dequeue();
            retryAfter = 0;
            if (times.Count < perMinute)
            {
                times.Enqueue(now);
                return true;
            }

            retryAfter = (int)
                Math.Ceiling((TimeSpan.FromMinutes(1) - time.GetElapsedTime(times.Peek(), now)).TotalSeconds);
            return false;
        }
    }
}
