using Esddns.Contracts;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary>
/// The web service follows the operator without visitors, and detects a stuck or unreachable operator.
/// </summary>
public sealed class FollowingTests
{
    private const string First = "203.0.113.10";
    private const string Second = "198.51.100.7";
    private const string Age = "esddns_status_age_seconds{component=\"operator\"}";
    private static readonly TimeSpan s_firstStateWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task NewState_ReachesPageRawAndMetrics_WithoutAVisitor()
    {
        var next = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await FakeOperator.SendAsync(context, FakeOperator.Event(FakeOperator.Json(First)));
            await next.Task.WaitAsync(context.RequestAborted);
            await FakeOperator.SendAsync(context, FakeOperator.Event(FakeOperator.Json(Second)));
            await FakeOperator.Stream()(context);
        });
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        Assert.Equal(First, await web.AddressAsync());
        next.SetResult();
        await Eventually.IsTrueAsync(async () => await web.AddressAsync() == Second);
        Assert.Contains(Second, await web.PageAsync(), StringComparison.Ordinal);
        Assert.Equal(1, @operator.Calls);
    }

    [Fact]
    public async Task FirstVisitor_AtTheStart_WaitsForTheFirstState()
    {
        var ready = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            await ready.Task.WaitAsync(context.RequestAborted);
            await FakeOperator.Status(FakeOperator.Json())(context);
        });
        var time = new RecordingTime();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        var raw = web.RawAsync();
        await Eventually.IsTrueAsync(() => time.Waits.Contains(s_firstStateWait));
        ready.SetResult();
        Assert.False((await raw).GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task FirstVisitor_NoAnswer_GetsAPageAfterThreeSeconds()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Stream());
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        var page = web.PageAsync();
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return page.IsCompleted;
        });
        Assert.Contains("No status yet", await page, StringComparison.Ordinal);
        // Later requests do not wait, so the fake time does not advance.
        Assert.Contains("No status yet", await web.PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("event: status\ndata: {\"rou")]
    [InlineData(": a comment without an end")]
    [InlineData("event: status\n: comments do not keep an event alive\n")]
    public async Task Operator_Stalls_IsUnreachableAfter45Seconds(string beginning)
    {
        await using var @operator = await FakeOperator.StartAsync(
            FakeOperator.Stream(FakeOperator.Event(FakeOperator.Json(First)), beginning)
        );
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        @operator.Answer = FakeOperator.Stream();
        // A shorter pause is not a timeout.
        time.Advance(TimeSpan.FromSeconds(44));
        Assert.False(await web.IsStaleAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        await web.FollowsAsync(works: false);
        var raw = await web.RawAsync();
        Assert.Equal((First, 45), (await web.AddressAsync(), raw.GetProperty("stale_seconds").GetDouble()));
        Assert.EndsWith("no event for 45 s", await web.ReasonAsync(), StringComparison.Ordinal);
        var confirmed = StatusText.Utc(time.GetUtcNow().AddSeconds(-45));
        Assert.Matches($"Last confirmed <time[^>]*>{confirmed}</time>", await web.PageAsync());
        Assert.Contains($"{Age} 45", await web.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_SendsComments_IsNotTimedOut()
    {
        var beat = new SemaphoreSlim(0);
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await FakeOperator.SendAsync(context, FakeOperator.Event(FakeOperator.Json(First)));
            while (true)
            {
                await beat.WaitAsync(context.RequestAborted);
                await FakeOperator.SendAsync(context, ":\n\n");
            }
        });
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            beat.Release();
            await Eventually.IsTrueAsync(async () =>
                (await web.MetricsAsync()).Contains($"{Age} 0", StringComparison.Ordinal)
            );
        }

        Assert.False(await web.IsStaleAsync());
        Assert.Equal(1, @operator.Calls);
    }

    [Fact]
    public async Task Operator_Restarts_IsFollowedAgain()
    {
        var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json(First)));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        var port = @operator.Url.Port;
        await @operator.DisposeAsync();
        await web.FollowsAsync(works: false);
        Assert.Equal((First, true), (await web.AddressAsync(), await web.IsStaleAsync()));
        await using var next = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json(Second)), port);
        await web.FollowsAsync();
        Assert.Equal((Second, false), (await web.AddressAsync(), await web.IsStaleAsync()));
    }

    [Theory]
    [InlineData(0, 0.2, 0.2)]
    [InlineData(1, 0.4, 5)]
    public async Task Operator_Unreachable_IsRetriedAfterGrowingRandomWaits(double chance, double min, double max)
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Whole("text/event-stream", ""));
        var time = new RecordingTime { Skips = s_longestWait };
        await using var web = await WebRun.StartAsync(
            @operator.Url,
            time,
            s => s.AddSingleton<Random>(new FixedRandom(chance))
        );
        double[] Waits() => [.. time.Waits.Where(w => w <= s_longestWait).Select(w => w.TotalSeconds)];
        await Eventually.IsTrueAsync(() => Waits().Length >= 8);
        var waits = Waits();
        Assert.Equal(waits.Order(), waits);
        Assert.Equal((min, max), (waits[0], waits[7]));
    }

    [Fact]
    public async Task Stop_OperatorStalledAndVisitorWaiting_EndsInTime()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Stream());
        var (time, last) = (new RecordingTime(), new Last());
        await using var web = await WebRun.StartAsync(@operator.Url, time, s => s.AddSingleton<IHostedService>(last));
        var page = web.PageAsync();
        await Eventually.IsTrueAsync(() => time.Waits.Contains(s_firstStateWait));
        await web.StopAsync();
        Assert.True(last.StoppedInTime);
        Assert.Contains("No status yet", await page, StringComparison.Ordinal);
    }

    /// <summary>The service that stops last. It records whether it had time left.</summary>
    private sealed class Last : IHostedService
    {
        public bool? StoppedInTime { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            StoppedInTime = !cancellationToken.IsCancellationRequested;
            return Task.CompletedTask;
        }
    }

    private sealed class FixedRandom(double chance) : Random
    {
        public override double NextDouble() => chance;
    }
}
