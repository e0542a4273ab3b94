using System.Net;
using System.Net.Sockets;
using System.Text;
using Esddns.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Web.Access;

/// <summary>The headers of all responses, and the limits of all requests.</summary>
public sealed class HeadersAndLimitsTests : IAsyncLifetime
{
    private FakeOperator _operator = null!;
    private WebRun _web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));
        // The web server measures with the real clock, so the test shortens the time.
        _web = await WebRun.StartAsync(
            _operator.Url,
            services: services =>
                services.PostConfigure<KestrelServerOptions>(o =>
                {
                    Assert.Equal(RequestLimits.HeaderTimeout, o.Limits.RequestHeadersTimeout);
                    o.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1);
                })
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "no-cache", "same-origin")]
    [InlineData("/raw", "no-cache", "same-origin")]
    [InlineData("/api/v1/status", "no-cache", "same-origin")]
    [InlineData("/api/v1/records/none/A", "no-store", "same-origin")]
    [InlineData("/api/v1/events", "no-store", "same-origin")]
    [InlineData("/openapi/v1.json", "no-cache", "same-origin")]
    [InlineData("/badge/home.example.com/A.svg", "no-cache", "cross-origin")]
    [InlineData("/metrics", "no-store", "same-origin")]
    [InlineData("/nothing", "no-store", "same-origin")]
    [InlineData("/badges", "no-store", "same-origin")]
    public async Task EachResponse_LimitsBrowsers(string path, string cache, string embedding)
    {
        using var answer = await _web.GetAsync(path);
        string[] policy =
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ];
        Assert.Equal(policy, One("Content-Security-Policy").Split("; "));
        Assert.Equal("nosniff", One("X-Content-Type-Options"));
        Assert.Equal("no-referrer", One("Referrer-Policy"));
        Assert.Equal("same-origin", One("Cross-Origin-Opener-Policy"));
        Assert.Equal(embedding, One("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", One("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Equal(cache, answer.Headers.CacheControl?.ToString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));

        string One(string name) => Assert.Single(answer.Headers.GetValues(name));
    }

    [Fact]
    public async Task LargeRequests_AreRefused()
    {
        var large = new string('a', 9000);
        Assert.Equal("414", await CodeAsync($"GET /{large} HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal("431", await CodeAsync($"GET / HTTP/1.1\r\nHost: a\r\nX: {large}\r\nY: {large}\r\n\r\n"));
        var many = string.Concat(Enumerable.Range(0, 65).Select(i => $"X-{i}: 1\r\n"));
        Assert.Equal("431", await CodeAsync($"GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"));
        Assert.Equal("200", await CodeAsync("GET /alive HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    [Fact]
    public async Task SlowHeaders_HinderNobody_AndEnd()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 200; i++)
                slow.Add(await ConnectAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
            using var answer = await _web.GetAsync("/alive");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            foreach (var client in slow)
            {
                // It ends with 408, or with a reset.
                var text = await ReadToEndAsync(client);
                Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), text);
            }
        }
        finally
        {
            slow.ForEach(c => c.Dispose());
        }
    }

    private async Task<TcpClient> ConnectAsync(string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_web.Url.Host, _web.Url.Port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        return client;
    }

    /// <summary>The status code of a request.</summary>
    private async Task<string> CodeAsync(string request)
    {
        using var client = await ConnectAsync(request);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync(Cancel))!.Split(' ')[1];
    }

    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync(Cancel);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
