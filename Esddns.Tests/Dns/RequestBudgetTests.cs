using Esddns.Operator.Dns.Gandi;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class RequestBudgetTests
{
    [Fact]
    public async Task Budget_NeverLetsMoreThanTheLimitStartWithinAMinute()
    {
        var cancel = TestContext.Current.CancellationToken;
        var time = new FakeTimeProvider();
        var budget = new RequestBudget(1000, time);
        for (var i = 0; i < 1000; i++) await budget.TakeAsync(cancel);

        var next = budget.TakeAsync(cancel).AsTask();
        time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await next;
    }

    [Fact]
    public async Task Waiting_CanBeGivenUp()
    {
        var budget = new RequestBudget(1, new FakeTimeProvider());
        await budget.TakeAsync(TestContext.Current.CancellationToken);
        using var giveUp = new CancellationTokenSource();
        var next = budget.TakeAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
