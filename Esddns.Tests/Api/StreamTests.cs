using System.Text.Json;
using Esddns.Tests.Support;

namespace Esddns.Tests.Api;

/// <summary>The operator's status stream: it sends keep-alive comments, and no client can block the operator.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    /// <summary>
    /// More bytes than the sockets buffer. <see cref="ApiHost.StreamAsync"/> limits the buffer of the client.
    /// </summary>
    private const int Large = 8_000_000;

    private ApiHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Stream_NoChanges_SendsComments()
    {
        using var client = await _host.StreamAsync();
        using var stream = new StreamReader(client.GetStream());
        await ReadToAsync(stream, "event: status");
        Assert.StartsWith("data: {", await stream.ReadLineAsync(Cancel), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            var sign = ReadToAsync(stream, ":");
            await Eventually.IsTrueAsync(() =>
            {
                if (!sign.IsCompleted)
                    _host.Time.Advance(TimeSpan.FromSeconds(15));
                return sign.IsCompleted;
            });
            await sign;
        }

        _host.State.Update(s => s with { Round = 7 });
        await ReadToAsync(stream, "event: status");
        Assert.Contains("\"round\":7", await stream.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ManyChanges_SendsTheNewestOnceASecond()
    {
        using var client = await _host.StreamAsync();
        using var stream = new StreamReader(client.GetStream());
        Assert.Equal(0, await NextRoundAsync(stream));
        for (var round = 1; round <= 50; round++)
            _host.State.Update(s => s with { Round = round });
        var next = NextRoundAsync(stream);
        await Eventually.IsTrueAsync(() =>
        {
            if (!next.IsCompleted)
                _host.Time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });
        Assert.Equal(50, await next);
        // After a second without an event, a change does not wait.
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        _host.State.Update(s => s with { Round = 51 });
        Assert.Equal(51, await NextRoundAsync(stream));
    }

    /// <summary>The checks of thousands of records change their times all the time.</summary>
    [Fact]
    public async Task Stream_NewerTimes_WaitForTheHeartbeat()
    {
        using var client = await _host.StreamAsync();
        using var stream = new StreamReader(client.GetStream());
        await ReadToAsync(stream, "event: status");
        var start = _host.Time.GetUtcNow();
        _host.State.Update(s => s with { At = DateTimeOffset.UnixEpoch });
        var next = ReadToAsync(stream, "event: status");
        await Eventually.IsTrueAsync(() =>
        {
            if (!next.IsCompleted)
                _host.Time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });
        Assert.InRange((_host.Time.GetUtcNow() - start).TotalSeconds, 15, double.MaxValue);
    }

    [Fact]
    public async Task Stream_HostStops_EndsCompletely()
    {
        using var client = await _host.StreamAsync();
        using var stream = new StreamReader(client.GetStream());
        await ReadToAsync(stream, "event: status");
        await _host.StopAsync();
        Assert.True(_host.StoppedInTime);
        // The last chunk of the response (RFC 9112 section 7.1) shows that it is complete.
        Assert.EndsWith("\r\n0\r\n\r\n", await stream.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ClientDoesNotRead_IsDisconnected()
    {
        _host.State.Update(s => s with { By = new string('x', Large) });
        using var client = await _host.StreamAsync();
        await Eventually.IsTrueAsync(() => client.Available > 0);
        await Eventually.IsTrueAsync(() =>
        {
            _host.Time.Advance(TimeSpan.FromSeconds(30));
            return _host.Requests == 0;
        });
    }

    [Fact]
    public async Task Stream_ClientDoesNotRead_DoesNotDelayShutdown()
    {
        _host.State.Update(s => s with { By = new string('x', Large) });
        using var client = await _host.StreamAsync();
        await Eventually.IsTrueAsync(() => client.Available > 0);
        await _host.StopAsync();
        Assert.True(_host.StoppedInTime);
    }

    private static async Task<long> NextRoundAsync(StreamReader stream)
    {
        await ReadToAsync(stream, "event: status");
        using var status = JsonDocument.Parse((await stream.ReadLineAsync(Cancel))!["data: ".Length..]);
        return status.RootElement.GetProperty("round").GetInt64();
    }

    private static async Task ReadToAsync(StreamReader stream, string line)
    {
        while (await stream.ReadLineAsync(Cancel) is var read && read != line)
            Assert.NotNull(read);
    }
}
