using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web;

/// <summary>A client that does not read its events is disconnected; it delays no other client.</summary>
public sealed class SlowReaderTests
{
    /// <summary>More than the buffers of all connections on the way: 400 events of about 60 KB.</summary>
    private const int MaxEvents = 400;

    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SlowReader_IsDisconnected_AndOthersGetEveryEvent()
    {
        using var beat = new SemaphoreSlim(1);
        await using var @operator = await FakeOperator.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var round = 1; ; round++)
            {
                await beat.WaitAsync(context.RequestAborted);
                await FakeOperator.SendAsync(context, FakeOperator.Event(Status(round)));
            }
        });
        var time = new FakeTimeProvider();
        await using var web = await WebRun.StartAsync(@operator.Url, time);
        await web.FollowsAsync();
        await using var reader = await EventClient.OpenAsync(web);
        Assert.Equal(1, await RoundAsync(reader));
        using var slow = await StopReadingAsync(web.Url);
        await Eventually.IsTrueAsync(() => HasStreamsAsync(web, 2));
        var round = 1;
        while (!await HasStreamsAsync(web, 1))
        {
            Assert.InRange(++round, 2, MaxEvents);
            beat.Release();
            Assert.Equal(round, await RoundAsync(reader));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The round of the next event with a state.</summary>
    private static async Task<int> RoundAsync(EventClient reader)
    {
        while (true)
        {
            var next = await reader.NextAsync();
            if (next.Type == "status")
                return JsonDocument.Parse(next.Data).RootElement.GetProperty("round").GetInt32();
        }
    }

    private static async Task<Socket> StopReadingAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(url.Host, url.Port, Cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n"), Cancel);
        return socket;
    }

    private static async Task<bool> HasStreamsAsync(WebRun web, int count) =>
        (await web.MetricsAsync()).Contains(
            string.Create(CultureInfo.InvariantCulture, $"esddns_event_streams{{}} {count}"),
            StringComparison.Ordinal
        );

    /// <summary>A status whose 200 changes are all newer than those of the round before.</summary>
    private static string Status(int round)
    {
        var rest = $"\"type\":\"A\",\"from\":[],\"to\":[],\"why\":\"{new string('x', 250)}\"";
        var changes = Enumerable
            .Range(0, 200)
            .Select(i => $$"""{"at":"{{s_start.AddSeconds((1000 * round) + i):O}}","fqdn":"a",{{rest}}}""");
        return FakeOperator
            .Json()
            .Replace("\"history\":[]", $"\"history\":[{string.Join(',', changes)}]", StringComparison.Ordinal)
            .Replace(
                "\"round\":1",
                string.Create(CultureInfo.InvariantCulture, $"\"round\":{round}"),
                StringComparison.Ordinal
            );
    }
}
