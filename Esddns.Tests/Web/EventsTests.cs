using System.Net;
using System.Text.Json;
using Esddns.Tests.Support;

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
        await using var events = await FollowAsync(web);
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
        await using var all = await FollowAsync(web, ("Last-Event-ID", "2026-11-01T00:00:00Z"));
        var (first, second) = (await all.NextAsync(), await all.NextAsync());
        Assert.Equal(["change", "change", "status"], [first.Type, second.Type, (await all.NextAsync()).Type]);
        Assert.Equal("2026-11-24T07:00:00.0000000Z", first.Id);
        Assert.Contains("\"to\":[\"203.0.113.10\"]", second.Data, StringComparison.Ordinal);
        await using var rest = await FollowAsync(web, ("Last-Event-ID", first.Id!));
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
        await using var events = await FollowAsync(web);
        Assert.Contains("\"state\":\"InSync\"", (await events.NextAsync()).Data, StringComparison.Ordinal);
        next.SetResult();
        Assert.Equal("change", (await events.NextAsync()).Type);
        Assert.Contains("\"isStale\":false", (await events.NextAsync()).Data, StringComparison.Ordinal);
        @operator.Answer = _ => Task.CompletedTask;
        end.SetResult();
        Assert.Contains("\"isStale\":true", (await events.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenStreams_AreCounted()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using (var events = await FollowAsync(web))
        {
            await events.NextAsync();
            Assert.Contains("esddns_event_streams{} 1", await web.MetricsAsync(), StringComparison.Ordinal);
        }

        await Eventually.IsTrueAsync(async () =>
            (await web.MetricsAsync()).Contains("esddns_event_streams{} 0", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Stop_EndsTheStreams()
    {
        await using var @operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        await using var web = await WebRun.StartAsync(@operator.Url);
        await using var events = await FollowAsync(web);
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

    private static async Task<EventClient> FollowAsync(WebRun web, params (string Name, string Value)[] headers)
    {
        var response = await web.GetAsync("/api/v1/events", headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new EventClient(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
    }

    private sealed record Event(string? Id, string? Type, string Data);

    private sealed class EventClient(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public async Task<string?> LineAsync() => await reader.ReadLineAsync(Cancel);

        /// <summary>The next event; comments and <c>retry</c> are skipped.</summary>
        public async Task<Event> NextAsync()
        {
            (string? Id, string? Type, string? Data) read = default;
            while (true)
            {
                var line = await LineAsync() ?? throw new EndOfStreamException();
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    read.Id = line[4..];
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    read.Type = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    read.Data = line[6..];
                else if (line.Length == 0 && read.Data is not null)
                    return new Event(read.Id, read.Type, read.Data);
            }
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
