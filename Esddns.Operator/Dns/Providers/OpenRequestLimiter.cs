using System.Threading.RateLimiting;

namespace Esddns.Operator.Dns.Providers;

/// <summary>
/// Limits the open requests to one server or account. A request that is open for longer than five seconds gives its
/// place to another one, so that some zones that do not answer cannot delay all others. Of all requests, eight times
/// the limit may be open.
/// </summary>
/// <param name="limit">The maximum number of open requests that are younger than five seconds.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenRequestLimiter(int limit, TimeProvider time) : IDisposable
{
    private const int MaxSlow = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrencyLimiter _young = Limiter(limit);
    private readonly ConcurrencyLimiter _all = Limiter(limit * MaxSlow);

    /// <summary>Waits until one more request may be open. Dispose the result when the request has ended.</summary>
    public async ValueTask<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var any = await _all.AcquireAsync(cancellationToken: cancellationToken);
        try
        {
            return new Place(any, await _young.AcquireAsync(cancellationToken: cancellationToken), time);
        }
        catch
        {
            any.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _young.Dispose();
        _all.Dispose();
    }

    private static ConcurrencyLimiter Limiter(int limit) =>
        new(
            new()
            {
                PermitLimit = limit,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );

    /// <summary>The place of one open request.</summary>
    private sealed class Place : IDisposable
    {
        private readonly IDisposable _any;
        private readonly ITimer _timer;
        private IDisposable? _young;

        public Place(IDisposable any, IDisposable young, TimeProvider time)
        {
            (_any, _young) = (any, young);
            _timer = time.CreateTimer(_ => GiveUp(), null, s_patience, Timeout.InfiniteTimeSpan);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _timer.Dispose();
            GiveUp();
            _any.Dispose();
        }

        private void GiveUp() => Interlocked.Exchange(ref _young, null)?.Dispose();
    }
}
