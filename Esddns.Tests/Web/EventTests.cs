using System.Net;
using System.Text.Json;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary><c>/api/v1/events</c>: the current state, changes, resumption, limits and the end.</summary>
public sealed class EventTests
{
    private const string First =
        "{\"at\":\"2026-11-25T07:00:00Z\",\"fqdn\":\"a.example.com\",\"type\":\"A\",\"from\":[],"
        + "\"to\":[\"203.0.113.1\"],\"why\":\"first\"}";

    private const string Second =
        "{\"at\":\"2026-11-25T08:00:00Z\",\"fqdn\":\"a.example.com\",\"type\":\"A\",\"from\":[],"
        + "\"to\":[\"203.0.113.2\"],\"why\":\"second\"}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewClient_GetsTheStateAtOnce_AndNoOldChanges()
    {
        await using var run = await ApiRun.StartAsync(With(First));
        using var events = await EventClient.OpenAsync(run.Web);
        var (id, name, data) = await events.NextAsync();
        Assert.Equal("status", name);
        Assert.Equal("InSync", data.GetProperty("state").GetString());
        Assert.False(data.GetProperty("stale").GetBoolean());
        Assert.StartsWith($"{data.GetProperty("version").GetInt64()}-", id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewStatus_SendsItsChangesAndThenTheState_WithARisingVersion()
    {
        var next = new TaskCompletionSource();
        await using var @operator = await StartAsync(With(First), next, With(Second, First));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        using var events = await EventClient.OpenAsync(web);
        var before = await events.NextAsync();
        next.SetResult();
        var change = await events.NextAsync();
        Assert.Equal(("change", "second"), (change.Name, change.Data.GetProperty("why").GetString()));
        var after = await events.NextAsync();
        Assert.Equal("status", after.Name);
        Assert.True(Version(after.Data) > Version(before.Data));
    }

    [Fact]
    public async Task LastEventId_GetsTheMissedChanges_AlsoFromAServiceThatStartedLater()
    {
        string id;
        await using (var run = await ApiRun.StartAsync(With(First)))
        {
            using var events = await EventClient.OpenAsync(run.Web);
            id = (await events.NextAsync()).Id!;
        }

        await using var restarted = await ApiRun.StartAsync(With(Second, First));
        using var again = await EventClient.OpenAsync(restarted.Web, ("Last-Event-ID", id));
        var change = await again.NextAsync();
        Assert.Equal(("change", "second"), (change.Name, change.Data.GetProperty("why").GetString()));
        Assert.Equal("status", (await again.NextAsync()).Name);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1-")]
    [InlineData("1-99999999999999999999")]
    [InlineData("1-9223372036854775807")]
    public async Task LastEventId_NotValid_IsIgnored(string id)
    {
        await using var run = await ApiRun.StartAsync(With(First));
        using var events = await EventClient.OpenAsync(run.Web, ("Last-Event-ID", id));
        Assert.Equal("status", (await events.NextAsync()).Name);
    }

    [Fact]
    public async Task OperatorAway_SendsThatTheStateIsStale()
    {
        var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await web.FollowsAsync();
        using var events = await EventClient.OpenAsync(web);
        Assert.False((await events.NextAsync()).Data.GetProperty("stale").GetBoolean());
        await @operator.DisposeAsync();
        Assert.True((await events.NextAsync()).Data.GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task NoChange_SendsACommentEvery15Seconds()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        using var events = await EventClient.OpenAsync(web);
        await events.NextAsync();
        var comment = events.LineAsync();
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(comment.IsCompleted);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return comment.IsCompleted;
        });
        Assert.Equal(":", await comment);
    }

    [Fact]
    public async Task MoreStreamsThanAllowed_Are503_UntilAnotherEnds()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(FakeOperator.Json()));
        await using var web = await WebRun.StartAsync(@operator.Url, settings: ("Esddns:Web:MaxStreams", "1"));
        await web.FollowsAsync();
        using (var events = await EventClient.OpenAsync(web))
        {
            await events.NextAsync();
            Assert.Contains("esddns_event_streams{} 1", await web.MetricsAsync(), StringComparison.Ordinal);
            using var refused = await web.GetAsync("/api/v1/events");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter?.Delta);
        }

        await Eventually.IsTrueAsync(async () =>
            (await web.MetricsAsync()).Contains("esddns_event_streams{} 0", StringComparison.Ordinal)
        );
        using var next = await EventClient.OpenAsync(web);
        Assert.Equal("status", (await next.NextAsync()).Name);
    }

    [Fact]
    public async Task Stop_EndsTheStreams()
    {
        await using var run = await ApiRun.StartAsync(FakeOperator.Json());
        using var events = await EventClient.OpenAsync(run.Web);
        await events.NextAsync();
        var end = events.LineAsync();
        await run.Web.StopAsync();
        Assert.Null(await end);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100001")]
    [InlineData("many")]
    public void MaxStreams_NotValid_IsOneClearLine(string value)
    {
        var fault = Assert.Throws<InvalidOperationException>(() =>
            Esddns.Web.WebApp.Build([$"--Esddns:Web:MaxStreams={value}"])
        );
        Assert.Equal($"Esddns:Web:MaxStreams: '{value}' is not a whole number from 1 to 100000.", fault.Message);
    }

    private static long Version(JsonElement data) => data.GetProperty("version").GetInt64();

    private static string With(params string[] history) =>
        FakeOperator
            .Json()
            .Replace("\"history\":[]", $"\"history\":[{string.Join(',', history)}]", StringComparison.Ordinal);

    private static Task<FakeOperator> StartAsync(string first, TaskCompletionSource next, string second) =>
        FakeOperator.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await FakeOperator.SendAsync(context, FakeOperator.Event(first));
            await next.Task.WaitAsync(Cancel);
            await FakeOperator.Stream(FakeOperator.Event(second))(context);
        });
}
