namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Lets the server see at most so many requests within any minute, and makes the others wait their turn. When a request
/// arrives there is not known, only that it has when its answer is here: from then on its minute is counted.
/// </summary>
internal sealed class RequestBudget(int requestsPerMinute, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_allUnderWay = TimeSpan.FromSeconds(1);
    private readonly Queue<long> _ended = new();
    private readonly Lock _gate = new();
    private int _underWay;

    /// <summary>
    /// Waits until one more request fits. What it answers with is disposed of when the request has ended.
    /// </summary>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        while (Wait() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        return new Place(this);
    }

    private TimeSpan Wait()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_ended.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= s_window)
                _ended.Dequeue();
            if (_ended.Count + _underWay >= requestsPerMinute)
                return _ended.TryPeek(out var first)
                    ? s_window - time.GetElapsedTime(first, now) + TimeSpan.FromMilliseconds(1)
                    : s_allUnderWay;
            _underWay++;
            return TimeSpan.Zero;
        }
    }

    private void Ended()
    {
        lock (_gate)
        {
            _underWay--;
            _ended.Enqueue(time.GetTimestamp());
        }
    }

    /// <summary>One request.</summary>
    private sealed class Place(RequestBudget budget) : IDisposable
    {
        private RequestBudget? _budget = budget;

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Ended();
    }
}
