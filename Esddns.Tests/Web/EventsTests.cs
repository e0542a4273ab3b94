using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Esddns.Tests.Support;
using Esddns.Web.Events;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary>The stream of events of the web service.</summary>
public sealed class EventsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewClient_GetsTheStateAtOnce_AndNoPastChanges()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var events = await EventClient.OpenAsync(web);
        var first = await events.NextAsync();
        Assert.Equal("status", first.Type);
        var status = JsonDocument.Parse(first.Data).RootElement;
        Assert.Equal("OutOfSync", status.GetProperty("state").GetString());
        Assert.False(status.GetProperty("isStale").GetBoolean());
        Assert.Equal(7, status.GetProperty("round").GetInt64());
    }

    [Fact]
    public async Task LastEventId_ResumesTheChanges_OldestFirst()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var all = await EventClient.OpenAsync(web, ("Last-Event-ID", "2026-11-01T00:00:00Z"));
        var (first, second) = (await all.NextAsync(), await all.NextAsync());
        Assert.Equal(["change", "change", "status"], [first.Type, second.Type, (await all.NextAsync()).Type]);
        Assert.Equal("2026-11-24T07:00:00.0000000Z home.example.com A", first.Id);
        Assert.Contains("\"to\":[\"203.0.113.10\"]", second.Data, StringComparison.Ordinal);
        await using var rest = await EventClient.OpenAsync(web, ("Last-Event-ID", first.Id!));
        Assert.Equal(second, await rest.NextAsync());
    }

    [Fact]
    public async Task NewState_IsSentWithItsChanges_AndAnOutageToo()
    {
        var next = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(FakeOperator.Json()));
            await next.Task;
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(Later));
            await end.Task;
            context.Abort();
        });
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var events = await EventClient.OpenAsync(web);
        Assert.Contains("\"state\":\"InSync\"", (await events.NextAsync()).Data, StringComparison.Ordinal);
        next.SetResult();
        Assert.Equal("change", (await events.NextAsync()).Type);
        Assert.Contains("\"isStale\":false", (await events.NextAsync()).Data, StringComparison.Ordinal);
        @operator.Answer = _ => Task.CompletedTask;
        end.SetResult();
        Assert.Contains("\"isStale\":true", (await events.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeWhileDisconnected_BeforeAnyOther_IsResumed()
    {
        var next = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(FakeOperator.Json()));
            await next.Task;
            await FakeOperator.Stream(FakeOperator.Event(Later))(context);
        });
        await using var web = await WebRun.StartAsync(@operator.Url);
        string? id;
        await using (var before = await EventClient.OpenAsync(web))
            id = (await before.NextAsync()).Id;
        next.SetResult();
        await Eventually.IsTrueAsync(async () =>
        {
            using var changes = await web.GetAsync("/api/v1/changes");
            return (await changes.Content.ReadAsStringAsync(Cancel)).Contains("\"total\":1", StringComparison.Ordinal);
        });
        await using var after = await EventClient.OpenAsync(web, ("Last-Event-ID", id!));
        Assert.Equal("change", (await after.NextAsync()).Type);
    }

    /// <summary>The clock of the leader after a failover can be behind that of the leader before.</summary>
    [Fact]
    public async Task ChangeWithAnEarlierClock_IsSent()
    {
        var at = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        var next = new TaskCompletionSource();
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            await FakeOperator.SendEventAsync(context, FakeOperator.Event(Statuses.WithChanges(at)));
            await next.Task;
            var earlier = at - TimeSpan.FromSeconds(2);
            await FakeOperator.Stream(FakeOperator.Event(Statuses.WithChanges(earlier, at)))(context);
        });
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var events = await EventClient.OpenAsync(web);
        Assert.Equal("status", (await events.NextAsync()).Type);
        next.SetResult();
        Assert.Contains("07:59:58", (await events.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenStreams_AreCounted()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using (var events = await EventClient.OpenAsync(web))
        {
            await events.NextAsync();
            Assert.Contains("esddns_event_streams{} 1", await web.MetricsAsync(), StringComparison.Ordinal);
        }

        await Eventually.IsTrueAsync(async () =>
            (await web.MetricsAsync()).Contains("esddns_event_streams{} 0", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task SilentStream_GetsComments()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        await using var events = await EventClient.OpenAsync(web);
        await events.NextAsync();
        var comments = 0;
        // The silence of the operator is an event, too.
        while (comments < 3)
        {
            var line = events.LineAsync();
            await Eventually.IsTrueAsync(() =>
            {
                time.Advance(Pulse.Heartbeat);
                return Task.FromResult(line.IsCompleted);
            });
            if (await line == ":")
                comments++;
        }
    }

    [Fact]
    public async Task StreamAboveTheLimit_Is503_UntilAnotherOneEnds()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url, settings: [new("Esddns:Web:MaxStreams", "2")]);
        await using var first = await EventClient.OpenAsync(web);
        await using (await EventClient.OpenAsync(web))
        {
            using var refused = await web.GetAsync("/api/v1/events");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(new RetryConditionHeaderValue(TimeSpan.FromSeconds(30)), refused.Headers.RetryAfter);
        }

        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await web.GetAsync("/api/v1/events");
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task ReplacedToken_EndsItsStream()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "first", Cancel);
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(
            @operator.Url,
            time,
            settings: [new("Esddns:Web:Access:TokenFile", file)]
        );
        await using var events = await EventClient.OpenAsync(web, ("Authorization", "Bearer first"));
        await events.NextAsync();
        await File.WriteAllTextAsync(file, "second", Cancel);
        var end = ReadToEndAsync(events);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(Pulse.Heartbeat);
            return Task.FromResult(end.IsCompleted);
        });
        await end;
        File.Delete(file);
    }

    private static async Task ReadToEndAsync(EventClient events)
    {
        while (await events.LineAsync() is not null) { }
    }

    [Fact]
    public async Task Stop_EndsTheStreams()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var events = await EventClient.OpenAsync(web);
        await events.NextAsync();
        await web.StopAsync();
        Assert.Null(await events.LineAsync());
    }

    private const string Later = """
        {"round":2,"at":"2026-11-25T09:00:00Z","inSync":true,"wan":[],
         "records":[{"fqdn":"home.example.com","type":"A","ttl":300,"inSync":true}],
         "history":[{"at":"2026-11-25T09:00:00Z","fqdn":"home.example.com","type":"A","from":null,"to":["203.0.113.11"],
                     "why":"address changed"}]}
        """;
}
