using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class RequestBudgetTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budget_AllowsAtMostTheLimitPerMinute()
    {
        var time = new FakeTimeProvider();
        var budget = new RequestBudget(1000, time);
        for (var i = 0; i < 1000; i++)
            (await budget.TakeAsync(Cancel)).Dispose();

        var next = budget.TakeAsync(Cancel).AsTask();
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
        var budget = new RequestBudget(2, time);
        var slow = await budget.TakeAsync(Cancel);
        (await budget.TakeAsync(Cancel)).Dispose();
        time.Advance(TimeSpan.FromSeconds(30));
        slow.Dispose();

        time.Advance(TimeSpan.FromSeconds(30.1));
        (await budget.TakeAsync(Cancel)).Dispose();
        var third = budget.TakeAsync(Cancel).AsTask();
        time.Advance(TimeSpan.FromSeconds(29.8));
        Assert.False(third.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        (await third).Dispose();
    }

    [Fact]
    public async Task AllSlotsInUse_NextWaitsForAnEndAndAMinute()
    {
        var time = new FakeTimeProvider();
        var budget = new RequestBudget(1, time);
        var first = await budget.TakeAsync(Cancel);
        var second = budget.TakeAsync(Cancel).AsTask();
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
    public async Task SlotReleasedTwice_CountsOnce()
    {
        var budget = new RequestBudget(2, new FakeTimeProvider());
        var slot = await budget.TakeAsync(Cancel);
        slot.Dispose();
        slot.Dispose();
        Assert.True(budget.TakeAsync(Cancel).AsTask().IsCompleted);
        Assert.False(budget.TakeAsync(Cancel).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Waiting_CanBeCanceled()
    {
        var budget = new RequestBudget(1, new FakeTimeProvider());
        using var slot = await budget.TakeAsync(Cancel);
        using var cancel = new CancellationTokenSource();
        var next = budget.TakeAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
