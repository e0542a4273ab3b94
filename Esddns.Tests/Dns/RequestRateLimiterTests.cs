using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class RequestRateLimiterTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limiter_AllowsAtMostTheLimitPerMinute()
    {
        var time = new FakeTimeProvider();
        var limiter = new RequestRateLimiter(1000, time);
        for (var i = 0; i < 1000; i++)
            (await limiter.AcquireAsync(Cancel)).Dispose();

        var next = limiter.AcquireAsync(Cancel).AsTask();
        time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        (await next).Dispose();
    }

    /// <summary>For any network latency, the server never receives three requests within a minute.</summary>
    [Fact]
    public async Task SlowRequest_DelaysTheNextOneByAMinute()
    {
        var time = new FakeTimeProvider();
        var limiter = new RequestRateLimiter(2, time);
        var slow = await limiter.AcquireAsync(Cancel);
        (await limiter.AcquireAsync(Cancel)).Dispose();
        time.Advance(TimeSpan.FromSeconds(30));
        slow.Dispose();

        time.Advance(TimeSpan.FromSeconds(30.1));
        (await limiter.AcquireAsync(Cancel)).Dispose();
        var third = limiter.AcquireAsync(Cancel).AsTask();
        time.Advance(TimeSpan.FromSeconds(29.8));
        Assert.False(third.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        (await third).Dispose();
    }

    [Fact]
    public async Task AllSlotsInUse_NextWaitsForAnEndAndAMinute()
    {
        var time = new FakeTimeProvider();
        var limiter = new RequestRateLimiter(1, time);
        var first = await limiter.AcquireAsync(Cancel);
        var second = limiter.AcquireAsync(Cancel).AsTask();
        for (var i = 0; i < 120; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        first.Dispose();
        for (var i = 0; i < 58; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return second.IsCompleted;
        });
        (await second).Dispose();
    }

    [Fact]
    public async Task PermitReleasedTwice_CountsOnce()
    {
        var limiter = new RequestRateLimiter(2, new FakeTimeProvider());
        var permit = await limiter.AcquireAsync(Cancel);
        permit.Dispose();
        permit.Dispose();
        Assert.True(limiter.AcquireAsync(Cancel).AsTask().IsCompleted);
        Assert.False(limiter.AcquireAsync(Cancel).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Waiting_CanBeCanceled()
    {
        var limiter = new RequestRateLimiter(1, new FakeTimeProvider());
        using var permit = await limiter.AcquireAsync(Cancel);
        using var cancel = new CancellationTokenSource();
        var next = limiter.AcquireAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
