using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Simulator;

/// <summary>The behaviour of the simulated LiveDNS, as recorded from the real one.</summary>
public sealed class LiveDnsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private SimulatorHost _simulator = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync(new() { RequestsPerMinute = 20 }, _time);
        _http = new HttpClient { BaseAddress = new Uri(_simulator.LiveDnsUrl + "/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "simulator-token");
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Put_CreateOrUpdate_Returns201WithLocation()
    {
        foreach (var address in new[] { "198.51.100.4", "198.51.100.5" })
        {
            var answer = await PutAsync(
                "domains/example.com/records/home/A",
                $$"""{"rrset_ttl":300,"rrset_values":["{{address}}"]}"""
            );
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            Assert.EndsWith(
                "/domains/example.com/records/home/A",
                answer.Headers.Location!.ToString(),
                StringComparison.Ordinal
            );
            Assert.Equal("DNS Record Created", (await JsonAsync(answer)).GetProperty("message").GetString());
        }

        var read = await JsonAsync(await GetAsync("domains/example.com/records/home/A"));
        Assert.Equal("[\"198.51.100.5\"]", read.GetProperty("rrset_values").GetRawText());
    }

    [Fact]
    public async Task Put_WithoutTtl_ResetsItTo10800()
    {
        await PutAsync("domains/example.com/records/home/A", """{"rrset_values":["198.51.100.4"]}""");
        Assert.Equal(10800, _simulator.LiveDns.Zone("example.com")!.Find("home", "A")!.Ttl);
    }

    [Theory]
    [InlineData(60, "60 is less than minimum value 300")]
    [InlineData(2592001, "2592001 is greater than maximum value 2592000")]
    public async Task Put_TtlOutOfRange_Returns400WithTheField(int ttl, string description)
    {
        var answer = await PutAsync(
            "domains/example.com/records/home/A",
            $$"""{"rrset_ttl":{{ttl}},"rrset_values":["198.51.100.4"]}"""
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await JsonAsync(answer)).GetProperty("errors")[0];
        Assert.Equal(
            ("body", "rrset_ttl", description),
            (
                error.GetProperty("location").GetString(),
                error.GetProperty("name").GetString(),
                error.GetProperty("description").GetString()
            )
        );
    }

    [Theory]
    [InlineData("domains/example.com/records/none/A", "dns-record")]
    [InlineData("domains/example.org/records/home/A", "HTTPNotFound")]
    [InlineData("domains/example.net/records/home/A", "HTTPNotFound")]
    public async Task NotFound_DistinguishesRecordAndZone(string path, string kind)
    {
        var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(kind, (await JsonAsync(answer)).GetProperty("object").GetString());
        Assert.Equal("application/json; charset=UTF-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Credentials_MissingWrongAndExpired_HaveDistinctErrors()
    {
        _simulator.LiveDns.Main.Tokens[0].Expires = _time.GetUtcNow() + TimeSpan.FromDays(1);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("domains")).StatusCode);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("domains")).StatusCode);

        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        var wrong = await GetAsync("domains");
        Assert.Equal("HTTPUnauthorized", (await JsonAsync(wrong)).GetProperty("object").GetString());
        _http.DefaultRequestHeaders.Authorization = null;
        Assert.False((await JsonAsync(await GetAsync("domains"))).TryGetProperty("code", out _));
    }

    [Fact]
    public async Task Lists_ArePaged()
    {
        var first = await GetAsync("domains/example.com/records?per_page=2");
        Assert.Equal("5", first.Headers.GetValues("total-count").Single());
        Assert.Equal(2, (await JsonAsync(first)).GetArrayLength());
        var link = first.Headers.GetValues("link").Single();
        Assert.EndsWith("?page=2&per_page=2>; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.False((await GetAsync("domains/example.com/records?per_page=2&page=3")).Headers.Contains("link"));
    }

    [Fact]
    public async Task Put_OfAName_ReplacesItsTypes_OfAZoneReplacesAll()
    {
        _simulator.LiveDns.Set("example.com", "home", "TXT", 300, "\"x\"");
        await PutAsync(
            "domains/example.com/records/home",
            """{"items":[{"rrset_type":"A","rrset_ttl":300,"rrset_values":["198.51.100.4"]}]}"""
        );
        Assert.Null(_simulator.LiveDns.Values("example.com", "home", "TXT"));
        await PutAsync("domains/example.com/records", """{"items":[]}""");
        Assert.Empty(_simulator.LiveDns.Zone("example.com")!.RRsets);
    }

    [Fact]
    public async Task Post_ExistingRRset_Returns409_DeleteReturns204()
    {
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("domains/example.com/records/home/A")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("domains/example.com/records/home/A")).StatusCode);
        var deleted = await _http.DeleteAsync(new Uri("domains/example.com/records/home/A", UriKind.Relative), Cancel);
        Assert.Equal(
            (HttpStatusCode.NoContent, ""),
            (deleted.StatusCode, await deleted.Content.ReadAsStringAsync(Cancel))
        );
    }

    [Fact]
    public async Task Apex_IsEscapedInItsHref() =>
        Assert.EndsWith(
            "/records/%40/A",
            (await JsonAsync(await GetAsync("domains/example.com/records/%40/A")))
                .GetProperty("rrset_href")
                .GetString(),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task RateLimit_Returns429WithRetryAfter_UntilTheMinuteEnds()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("domains")).StatusCode);
        var refused = await GetAsync("domains");
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(60)),
            (refused.StatusCode, refused.Headers.RetryAfter!.Delta)
        );
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("domains")).StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative), Cancel);

    private Task<HttpResponseMessage> PutAsync(string path, string json) =>
        _http.PutAsync(
            new Uri(path, UriKind.Relative),
            new StringContent(json, Encoding.UTF8, "application/json"),
            Cancel
        );

    private Task<HttpResponseMessage> PostAsync(string path) =>
        _http.PostAsync(
            new Uri(path, UriKind.Relative),
            new StringContent("""{"rrset_values":["198.51.100.4"]}""", Encoding.UTF8, "application/json"),
            Cancel
        );

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
}
