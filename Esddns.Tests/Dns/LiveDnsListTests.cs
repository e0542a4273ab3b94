using System.Text;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

/// <summary>
/// Paged lists: the client reads all pages, within limits, and sends the token only to the configured server.
/// </summary>
public sealed class LiveDnsListTests
{
    private const string OneZone = """[{"fqdn":"example.com"}]""";
    private const string AnotherZone = """[{"fqdn":"example.org"}]""";
    private const string Domains = "/v5/livedns/domains";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""<{0}?page=2>; rel="next" """)]
    [InlineData("""<{0}?page=2>; rel=next""")]
    [InlineData("""<{0}?page=2>;title="a, b; c";REL="last next" """)]
    [InlineData("""<{0}?page=9>; rel="prev", <{0}?page=2>; rel="next" """)]
    [InlineData("""<?page=2>; rel="next" """)]
    [InlineData("""<{1}?page=2>; rel="next" """)]
    public async Task NextPage_InAnyLinkSyntax_IsFollowed(string link)
    {
        await using var server = await HttpStub.StartAsync(context =>
        {
            if (context.Request.Query["page"] == "2")
                return context.Response.WriteAsync(AnotherZone);
            var address = $"http://{context.Request.Host}{Domains}";
            context.Response.Headers.Link = With(link, ("{0}", address), ("{1}", Domains));
            return context.Response.WriteAsync(OneZone);
        });
        Assert.Equal(["example.com", "example.org"], (await ZonesAsync(server)).Select(z => z.ToString()));
    }

    [Theory]
    [InlineData("""<{0}?page=2>; rel="prev" """)]
    [InlineData("""<{0}?page=2>; rel="nextish" """)]
    [InlineData("""<{0}?page=2>; title="next" """)]
    public async Task OtherLinks_AreNotFollowed(string link)
    {
        await using var server = await HttpStub.StartAsync(200, OneZone, h => h.Link = With(link, ("{0}", Domains)));
        Assert.Single(await ZonesAsync(server));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task EmptyPage_WithNextLink_IsNotTheEnd()
    {
        await using var server = await HttpStub.StartAsync(context =>
        {
            if (context.Request.Query["page"] == "2")
                return context.Response.WriteAsync(OneZone);
            context.Response.Headers.Link = $"<{Domains}?page=2>; rel=\"next\"";
            return context.Response.WriteAsync("[]");
        });
        Assert.Single(await ZonesAsync(server));
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    public async Task LaterPageInvalid_ListIsUnavailable(string page)
    {
        await using var server = await HttpStub.StartAsync(context =>
        {
            if (context.Request.Query["page"] == "2")
                return context.Response.WriteAsync(page);
            context.Response.Headers.Link = $"<{Domains}?page=2>; rel=\"next\"";
            return context.Response.WriteAsync(OneZone);
        });
        Assert.Equal("unreadable", (await FaultAsync(server)).Type);
    }

    [Fact]
    public async Task PageThatLinksToItself_IsRefused()
    {
        const string itself = $"<{Domains}?per_page=500>; rel=\"next\"";
        await using var server = await HttpStub.StartAsync(200, OneZone, h => h.Link = itself);
        Assert.Contains("was read before", (await FaultAsync(server)).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task CircularLinks_AreRefused()
    {
        await using var server = await HttpStub.StartAsync(context =>
        {
            var next = context.Request.Query["page"] == "2" ? 3 : 2;
            context.Response.Headers.Link = $"<{Domains}?page={next}>; rel=\"next\"";
            return context.Response.WriteAsync(OneZone);
        });
        Assert.Contains("was read before", (await FaultAsync(server)).Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Pages_AreBounded()
    {
        await using var server = await PagesAsync(OneZone);
        var fault = await FaultAsync(server);
        Assert.Equal((FaultKind.Transient, "unreadable"), (fault.Kind, fault.Type));
        Assert.Contains("more than 100 pages", fault.Message, StringComparison.Ordinal);
        Assert.Equal(100, server.Requests.Count);
    }

    [Fact]
    public async Task Entries_AreBounded()
    {
        var entries = string.Join(',', Enumerable.Repeat("""{"fqdn":"a"}""", 10_000));
        await using var server = await PagesAsync($"[{entries}]");
        Assert.Contains("more than 50000 entries", (await FaultAsync(server)).Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Bytes_AreBounded()
    {
        await using var server = await PagesAsync($"[{new string(' ', LiveDnsClient.MaxBody - 2)}]");
        Assert.Contains("more than 64 MiB", (await FaultAsync(server)).Message, StringComparison.Ordinal);
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    public async Task PageSize_IsBounded()
    {
        await using var server = await HttpStub.StartAsync(200, $"[{new string(' ', LiveDnsClient.MaxBody)}]");
        Assert.Equal("network", (await FaultAsync(server)).Type);
    }

    [Theory]
    [InlineData(10, 9, "more than 50 s", 6)]
    [InlineData(90, 80, "more than 300 s", 4)]
    public async Task Time_IsBounded(int timeout, int perPage, string why, int requests)
    {
        var time = new FakeTimeProvider();
        await using var server = await PagesAsync(OneZone, () => time.Advance(TimeSpan.FromSeconds(perPage)));
        var options = LiveDnsUnderTest.Options(server) with { Timeout = TimeSpan.FromSeconds(timeout) };
        var answer = await LiveDnsUnderTest.Provider(options, time).ZonesAsync(Cancel);
        Assert.Contains(why, LiveDnsUnderTest.Fault(answer).Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    /// <summary>The client sends the token only to the configured server.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:{other}/v5/livedns/domains?page=2")]
    [InlineData("http://localhost:{own}/v5/livedns/domains?page=2")]
    [InlineData("https://127.0.0.1:{own}/v5/livedns/domains?page=2")]
    [InlineData("http://127.0.0.1:{own}/v5/domains?page=2")]
    [InlineData("http://127.0.0.1:{own}/v5/livedns-else/domains?page=2")]
    [InlineData("http://127.0.0.1:{own}/v5/livedns/../other?page=2")]
    [InlineData("http://127.0.0.1:{own}/v5/livedns/%2E%2e/other?page=2")]
    [InlineData("http://somebody@127.0.0.1:{own}/v5/livedns/domains?page=2")]
    [InlineData("//127.0.0.1:{other}/v5/livedns/domains?page=2")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://")]
    public async Task NextPageOutsideTheBaseUrl_IsNotRequested(string next)
    {
        await using var other = await HttpStub.StartAsync(200, OneZone);
        await using var server = await HttpStub.StartAsync(context =>
        {
            var target = With(next, ("{own}", $"{context.Request.Host.Port}"), ("{other}", $"{other.Url.Port}"));
            context.Response.Headers.Link = $"<{target}>; rel=\"next\"";
            return context.Response.WriteAsync(OneZone);
        });
        var fault = await FaultAsync(server);
        Assert.Equal("unreadable", fault.Type);
        Assert.Contains("Esddns:LiveDns:BaseUrl", fault.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Single(server.Requests);
    }

    private static Task<HttpStub> PagesAsync(string page, Action? before = null)
    {
        var (body, count) = (Encoding.UTF8.GetBytes(page), 0);
        return HttpStub.StartAsync(async context =>
        {
            before?.Invoke();
            context.Response.Headers.Link = $"<{Domains}?page={++count}>; rel=\"next\"";
            await context.Response.Body.WriteAsync(body);
        });
    }

    private static string With(string template, params (string Name, string Value)[] values) =>
        values.Aggregate(template, (text, v) => text.Replace(v.Name, v.Value, StringComparison.Ordinal));

    private static async Task<IReadOnlyCollection<DomainName>> ZonesAsync(HttpStub server) =>
        LiveDnsUnderTest.Value(await LiveDnsUnderTest.Provider(server).ZonesAsync(Cancel));

    private static async Task<ProviderFault> FaultAsync(HttpStub server) =>
        LiveDnsUnderTest.Fault(await LiveDnsUnderTest.Provider(server).ZonesAsync(Cancel));
}
