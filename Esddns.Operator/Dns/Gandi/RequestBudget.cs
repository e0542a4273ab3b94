namespace Esddns.Operator.Dns.Gandi;

/// <summary>Lets at most so many requests start within any minute, and makes the others wait their turn.</summary>
internal sealed class RequestBudget(int requestsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly Queue<long> _started = new(requestsPerMinute);
    private readonly Lock _gate = new();

    /// <summary>Waits until one more request fits.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        while (Wait() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }

    private TimeSpan Wait()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_started.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= s_window) _started.Dequeue();
            if (_started.Count >= requestsPerMinute)
                return s_window - time.GetElapsedTime(_started.Peek(), now) + TimeSpan.FromMilliseconds(1);
            _started.Enqueue(now);
            return TimeSpan.Zero;
        }
    }
}
