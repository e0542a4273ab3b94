using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Esddns.Tests.Web.Access;

/// <summary>The header in which a reverse proxy names the user.</summary>
public sealed class ProxyHeaderTests
{
    private const string Header = "X-Remote-User";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.1, 127.0.0.0/8")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task OfATrustedProxy_IsAccepted(string proxies)
    {
        await using var web = await StartAsync(proxies);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, (Header, "alice")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, (Header.ToLowerInvariant(), "alice")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task OfATrustedProxy_WithoutAName_IsRefused(string name)
    {
        await using var web = await StartAsync("127.0.0.1");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(web, (Header, name)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(web));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(web, ("X-Other-User", "alice")));
    }

    [Fact]
    public async Task OfATrustedProxy_Twice_IsRefused()
    {
        await using var web = await StartAsync("127.0.0.1");
        using var client = new TcpClient();
        await client.ConnectAsync(web.Url.Host, web.Url.Port, TestContext.Current.CancellationToken);
        var request = $"GET /raw HTTP/1.1\r\nHost: a\r\n{Header}: mallory\r\n{Header}: alice\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 403", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("127.0.0.2, 10.0.0.0/8, 2001:db8::/32")]
    public async Task OfAnotherAddress_IsRefused_DespiteForwardedHeaders(string proxies)
    {
        await using var web = await StartAsync(proxies, ("ForwardedHeaders_Enabled", "true"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(web, (Header, "alice")));
        var forged = new[] { (Header, "alice"), ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=10.0.0.1") };
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(web, forged));
    }

    [Fact]
    public async Task UserOfATrustedProxy_MayRequestARound_OthersBehindItMayNot()
    {
        await using var web = await StartAsync("127.0.0.1");
        using var refused = await web.SendAsync(HttpMethod.Post, "/api/v1/sync");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var allowed = await web.SendAsync(HttpMethod.Post, "/api/v1/sync", (Header, "alice"));
        // There is no operator in this test.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, allowed.StatusCode);
        using var foreign = await web.SendAsync(
            HttpMethod.Post,
            "/api/v1/sync",
            (Header, "alice"),
            ("Origin", "https://evil.example")
        );
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static Task<WebRun> StartAsync(string proxies, params (string Key, string Value)[] settings) =>
        WebRun.StartAsync(
            new Uri("http://127.0.0.1:9"),
            settings:
            [
                new("Esddns:Web:Access:Reading", "Closed"),
                new("Esddns:Web:Access:ProxyHeader", Header),
                new("Esddns:Web:Access:TrustedProxies", proxies),
                .. settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)),
            ]
        );

    private static async Task<HttpStatusCode> StatusAsync(WebRun web, params (string, string)[] headers)
    {
        using var answer = await web.GetAsync("/openapi/v1.json", headers);
        return answer.StatusCode;
    }
}
