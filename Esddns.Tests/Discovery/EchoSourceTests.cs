using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Net;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Discovery;

/// <summary>Echo services over real connections.</summary>
public sealed class EchoSourceTests : IDisposable
{
    private const string Address = "203.0.113.7";
    private readonly CountingLogs _logs = new();
    private readonly ServiceProvider _services;

    public EchoSourceTests()
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddEchoClients();
        _services = services
            .AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs))
            .BuildServiceProvider();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task EachQuery_UsesANewConnection()
    {
        await using var server = new TinyHttp(_ => TinyHttp.Ok(Address));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(Address, Assert.IsType<Observation.Seen>(await AskAsync(server.Url)).Address.ToString());
            Assert.Equal(i, server.Connections);
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var elsewhere = new TinyHttp(_ => TinyHttp.Ok("198.51.100.66"));
        var headers = $"Location: {elsewhere.Url}\r\nContent-Length: {Address.Length}\r\n";
        await using var server = new TinyHttp(_ => $"HTTP/1.1 {status} Moved\r\n{headers}\r\n{Address}");
        Assert.Equal(
            $"returned HTTP status {status}",
            Assert.IsType<Observation.Unavailable>(await AskAsync(server.Url)).Reason
        );
        Assert.Equal(0, elsewhere.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html", "not one IPv4 address")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n2001:db8::1", "not one IPv4 address")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "returned HTTP status 503")]
    [InlineData("\u0007\u001b[2J\u009b nonsense\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\nX\u001b[31m\u0007: \u001b\r\nContent-Length: nonsense\r\n\r\n", "")]
    public async Task InvalidAnswer_IsUnavailableWithReason(string answer, string reason)
    {
        await using var server = new TinyHttp(_ => answer);
        var observation = Assert.IsType<Observation.Unavailable>(await AskAsync(server.Url));
        Assert.Contains(reason, observation.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(observation.Reason, char.IsControl);
    }

    [Fact]
    public async Task UrlSecretsAndHeaders_AreNotLogged()
    {
        const string headers = "X-Evil: \u001b[31mred\u0007\r\nContent-Length: 11\r\n";
        await using var server = new TinyHttp(_ => $"HTTP/1.1 200 OK\r\n{headers}\r\n{Address}");
        var url = new UriBuilder(server.Url)
        {
            UserName = "user",
            Password = "s3cret",
            Path = "/s3cret",
            Query = "s3cret=1",
        };
        Assert.IsType<Observation.Seen>(await AskAsync(url.Uri));
        var logs = string.Concat(_logs.Lines);
        Assert.DoesNotContain("s3cret", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostWithoutFamily_IsUnavailableWithReason()
    {
        var source = new EchoSource(new Uri("http://127.0.0.1:9/"), _services.GetRequiredService<IHttpClientFactory>());
        var observation = Assert.IsType<Observation.Unavailable>(await source.ObserveAsync(IpFamily.IPv6, Cancel));
        Assert.Contains("127.0.0.1 has no IPv6 address", observation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyLongerThanTheLimit_IsRefused()
    {
        await using var server = new TinyHttp(_ => TinyHttp.Ok(Address.PadRight(EchoBody.MaxLength + 1)));
        Assert.IsType<Observation.Unavailable>(await AskAsync(server.Url));
        await using var longest = new TinyHttp(_ => TinyHttp.Ok(Address.PadRight(EchoBody.MaxLength)));
        Assert.IsType<Observation.Seen>(await AskAsync(longest.Url));
    }

    [Fact]
    public async Task IncompleteAnswer_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = AskAsync(new Uri($"http://{listener.LocalEndpoint}/"));
        using (var client = await listener.AcceptTcpClientAsync(Cancel))
        {
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[1024], Cancel);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n203."u8.ToArray(), Cancel);
        }

        Assert.StartsWith(
            "the response is incomplete",
            Assert.IsType<Observation.Unavailable>(await asking).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task NoServer_IsUnavailableWithReason()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var url = new Uri($"http://{closed.LocalEndpoint}/");
        closed.Stop();
        Assert.Equal("Connection refused", Assert.IsType<Observation.Unavailable>(await AskAsync(url)).Reason);
    }

    private Task<Observation> AskAsync(Uri service) =>
        new EchoSource(service, _services.GetRequiredService<IHttpClientFactory>()).ObserveAsync(IpFamily.IPv4, Cancel);
}
