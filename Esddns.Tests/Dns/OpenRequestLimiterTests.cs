using Esddns.Operator.Dns.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>Requests that are not answered in time give their place to others.</summary>
public sealed class OpenRequestLimiterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly OpenRequestLimiter _limiter;

    public OpenRequestLimiterTests() => _limiter = new OpenRequestLimiter(2, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _limiter.Dispose();

    [Fact]
    public async Task EndOfARequest_LetsTheNextOneStart()
    {
        var first = await _limiter.AcquireAsync(Cancel);
        using var second = await _limiter.AcquireAsync(Cancel);
        var third = _limiter.AcquireAsync(Cancel).AsTask();
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        using var place = await third;
        Assert.False(_limiter.AcquireAsync(Cancel).AsTask().IsCompleted);
    }

    [Fact]
    public async Task SlowRequests_DoNotDelayOthers_UpToEightTimesTheLimit()
    {
        var open = new List<IDisposable>();
        for (var i = 0; i < 8; i++)
        {
            open.Add(await _limiter.AcquireAsync(Cancel));
            open.Add(await _limiter.AcquireAsync(Cancel));
            _time.Advance(TimeSpan.FromSeconds(4.9));
            var next = _limiter.AcquireAsync(CancellationToken.None).AsTask();
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.2));
            if (i == 7)
            {
                Assert.False(next.IsCompleted);
                open[0].Dispose();
            }

            (await next).Dispose();
        }

        open.ForEach(o => o.Dispose());
    }

    [Fact]
    public async Task CancelledWait_TakesNoPlace()
    {
        var both = new[] { await _limiter.AcquireAsync(Cancel), await _limiter.AcquireAsync(Cancel) };
        using var cancelled = new CancellationTokenSource();
        var waits = Enumerable.Range(0, 20).Select(_ => _limiter.AcquireAsync(cancelled.Token).AsTask()).ToArray();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waits));
        foreach (var place in both)
            place.Dispose();
        (await _limiter.AcquireAsync(Cancel)).Dispose();
    }
}
