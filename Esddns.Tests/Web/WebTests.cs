using System.Net;
using System.Text.Json;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Esddns.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Web;

/// <summary>The web service in front of a running operator, and in front of none.</summary>
public sealed class WebTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private OperatorRun _operator = null!;
    private WebApplication _web = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _operator = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => _operator.Snapshot is { InSync: true, Round: > 0 });
        (_web, _http) = await StartWebAsync(_operator.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Raw_HasTheShapeOfTheOldSystem()
    {
        var raw = await RawAsync(_http);
        Assert.Equal("""{"usable":true,"IP":"203.0.113.10"}""", raw.GetProperty("wan_ip_state").GetRawText());
        var record = raw.GetProperty("record_state");
        Assert.True(record.GetProperty("in_sync").GetBoolean());
        var data = record.GetProperty("record_data");
        Assert.Equal(
            ("home", "A", 300, "203.0.113.10"),
            (data.GetProperty("rrset_name").GetString(), data.GetProperty("rrset_type").GetString(), data.GetProperty("rrset_ttl").GetInt32(), data.GetProperty("rrset_values")[0].GetString()));
        Assert.EndsWith("/domains/example.com/records/home/A", data.GetProperty("rrset_href").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", raw.GetProperty("poll_date").GetString());
        Assert.False(raw.GetProperty("stale").GetBoolean());
    }

    [Fact]
    public async Task Raw_AddressNotAgreed_IsNotUsable()
    {
        _simulator.Faults.Add(new("stun", Esddns.Simulator.Faults.FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66") });
        await _operator.RoundAsync();
        Assert.False((await RawAsync(_http)).GetProperty("wan_ip_state").GetProperty("usable").GetBoolean());
    }

    [Fact]
    public async Task Page_ShowsAddressRecordVotesAndHistory()
    {
        var page = await _http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        foreach (var text in new[] { "All records are right", "203.0.113.10", "home.example.com", "in sync", $"stun://{_simulator.Stun}", "3 operators say" })
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_EncodesWhatOthersSaid()
    {
        _simulator.Faults.Add(new("livedns", Esddns.Simulator.Faults.FaultEffect.Status) { Body = "<script>alert(1)</script>" });
        await _operator.RoundAsync();
        var page = await _http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorGone_LastKnownStateIsShownMarkedStaleWithItsAge()
    {
        await RawAsync(_http);
        await _operator.DisposeAsync();
        var raw = await RawAsync(_http);
        Assert.True(raw.GetProperty("stale").GetBoolean());
        Assert.True(raw.GetProperty("stale_seconds").GetDouble() >= 0);
        Assert.Equal("203.0.113.10", raw.GetProperty("wan_ip_state").GetProperty("IP").GetString());
        Assert.Contains("The operator cannot be reached", await _http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel), StringComparison.Ordinal);
        Assert.Equal("Healthy", (await _http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel)).Split('\n')[0]);
        Assert.Contains("esddns_service_health{component=\"operator\"} 0", await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorThatIsCutOffItself_IsShownAsStale()
    {
        var since = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2);
        _operator.Services.GetRequiredService<StateStore>().Update(s => s with { Leader = "pod_node", Stale = new Staleness(since, "Connection refused") });
        var raw = await RawAsync(_http);
        Assert.True(raw.GetProperty("stale").GetBoolean());
        Assert.True(raw.GetProperty("stale_seconds").GetDouble() >= 120);
        var page = await _http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        foreach (var text in new[] { "Last known state", "cannot learn what is new in the cluster: Connection refused", "led by pod_node" })
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorNeverThere_IsSaidAndTheServiceStaysUp()
    {
        var (web, http) = await StartWebAsync(new Uri("http://127.0.0.1:9"));
        await using var _ = web;
        var raw = await RawAsync(http);
        Assert.False(raw.GetProperty("wan_ip_state").GetProperty("usable").GetBoolean());
        Assert.Contains("Nothing is known yet", await http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel), StringComparison.Ordinal);
        http.Dispose();
    }

    private static async Task<JsonElement> RawAsync(HttpClient http) =>
        JsonDocument.Parse(await http.GetStringAsync(new Uri("/raw", UriKind.Relative), Cancel)).RootElement;

    private static async Task<(WebApplication Web, HttpClient Http)> StartWebAsync(Uri @operator)
    {
        var web = WebApp.Build([], builder =>
        {
            TestLogs.Instead(builder.Logging, "web");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["services:operator:http:0"] = @operator.ToString().TrimEnd('/'),
                ["urls"] = "http://127.0.0.1:0",
            });
        });
        await web.StartAsync(Cancel);
        return (web, new HttpClient { BaseAddress = new Uri(web.Urls.First()) });
    }
}
