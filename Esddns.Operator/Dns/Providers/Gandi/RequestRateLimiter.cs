namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Limits the requests that the server receives within any minute; further requests wait. The arrival time at the
/// server is unknown, so the minute of a request starts when its response arrives.
/// </summary>
internal sealed class RequestRateLimiter(int requestsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromSeconds(1);
    private readonly Queue<long> _ended = new();
    private readonly Lock _gate = new();
    private int _pending;

    /// <summary>Waits until one more request is allowed. Dispose the result when the request has ended.</summary>
    public async ValueTask<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        while (Wait() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        return new Permit(this);
    }

    private TimeSpan Wait()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_ended.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= s_window)
                _ended.Dequeue();
            if (_ended.Count + _pending >= requestsPerMinute)
                return _ended.TryPeek(out var first)
                    ? s_window - time.GetElapsedTime(first, now) + TimeSpan.FromMilliseconds(1)
                    : s_pollInterval;
            _pending++;
            return TimeSpan.Zero;
        }
    }

    private void Ended()
    {
        lock (_gate)
        {
            _pending--;
            _ended.Enqueue(time.GetTimestamp());
        }
    }

    /// <summary>The permit for one request.</summary>
    private sealed class Permit(RequestRateLimiter limiter) : IDisposable
    {
        private RequestRateLimiter? _limiter = limiter;

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Exchange(ref _limiter, null)?.Ended();
    }
}
