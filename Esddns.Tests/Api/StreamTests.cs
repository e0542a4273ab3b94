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

    private static async Task ReadToAsync(StreamReader stream, string line)
    {
        while (await stream.ReadLineAsync(Cancel) is var read && read != line)
            Assert.NotNull(read);
    }
}
