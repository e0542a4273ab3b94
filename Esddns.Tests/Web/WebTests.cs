using System.Net;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Web;

/// <summary>The web service in front of a running operator.</summary>
public sealed class WebTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private OperatorRun _operator = null!;
    private WebRun _web = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _operator = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => _operator.Snapshot is { InSync: true, Round: > 0 });
        _web = await WebRun.StartAsync(_operator.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Raw_HasTheFormatOfTheOldSystem()
    {
        await _web.FollowsAsync();
        var raw = await _web.RawAsync();
        Assert.Equal("""{"usable":true,"IP":"203.0.113.10"}""", raw.GetProperty("wan_ip_state").GetRawText());
        var record = raw.GetProperty("record_state");
        Assert.True(record.GetProperty("in_sync").GetBoolean());
        var data = record.GetProperty("record_data");
        Assert.Equal("home", data.GetProperty("rrset_name").GetString());
        Assert.Equal("A", data.GetProperty("rrset_type").GetString());
        Assert.Equal(300, data.GetProperty("rrset_ttl").GetInt32());
        Assert.Equal("203.0.113.10", data.GetProperty("rrset_values")[0].GetString());
        Assert.EndsWith("/records/home/A", data.GetProperty("rrset_href").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", raw.GetProperty("poll_date").GetString());
        Assert.False(raw.GetProperty("stale").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, raw.GetProperty("stale_seconds").ValueKind);
    }

    [Fact]
    public async Task Raw_AddressNotAgreed_IsNotUsable()
    {
        var wrong = IPAddress.Parse("198.51.100.66");
        _simulator.Faults.Add(new Fault("stun", FaultEffect.WrongAddress) { Address = wrong });
        await _operator.RoundAsync();
        await Eventually.IsTrueAsync(async () => !await IsUsableAsync(_web));
    }

    [Fact]
    public async Task Page_ShowsAddressRecordSourcesAndHistory()
    {
        var page = await _web.PageAsync();
        string[] expected = ["In sync", "203.0.113.10", "home.example.com", $"stun://{_simulator.Stun}"];
        foreach (var text in expected)
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_EncodesTextFromOutside()
    {
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Status) { Body = "{\"message\":\"<script>alert(1)</script>\"}" }
        );
        await _operator.RoundAsync();
        await Eventually.IsTrueAsync(async () =>
            (await _web.PageAsync()).Contains("&lt;script&gt;alert(1)", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("<script>", await _web.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorGone_ShowsTheLastKnownStateAndItsAge()
    {
        await _web.FollowsAsync();
        await _operator.DisposeAsync();
        await _web.FollowsAsync(works: false);
        var raw = await _web.RawAsync();
        Assert.True(raw.GetProperty("stale").GetBoolean());
        Assert.True(raw.GetProperty("stale_seconds").GetDouble() >= 0);
        Assert.Equal("203.0.113.10", raw.GetProperty("wan_ip_state").GetProperty("IP").GetString());
        Assert.Contains("Cannot reach the operator", await _web.PageAsync(), StringComparison.Ordinal);
        Assert.Equal("Healthy", (await _web.HealthAsync()).Split('\n')[0]);
    }

    [Fact]
    public async Task OperatorReportsStaleState_IsShownAsStale()
    {
        var since = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(2);
        _operator
            .Services.GetRequiredService<StateStore>()
            .Update(s => s with { Leader = "pod_node", Stale = new Staleness(since, "Connection refused") });
        await Eventually.IsTrueAsync(_web.IsStaleAsync);
        Assert.True((await _web.RawAsync()).GetProperty("stale_seconds").GetDouble() >= 120);
        var page = await _web.PageAsync();
        string[] expected =
        [
            "Last known state",
            "the current state of the cluster: Connection refused",
            "leader pod_node",
        ];
        foreach (var text in expected)
            Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorNeverReachable_IsReported_AndTheServiceKeepsRunning()
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        Assert.False(await IsUsableAsync(web));
        Assert.Contains("No status yet", await web.PageAsync(), StringComparison.Ordinal);
        Assert.Equal("Healthy", (await web.HealthAsync()).Split('\n')[0]);
    }

    [Theory]
    [InlineData(null, null, "http://127.0.0.1:8080")]
    [InlineData("services:operator:http:0", "http://192.0.2.1:80", "http://192.0.2.1:80")]
    [InlineData("services:operator:default:0", "192.0.2.1:80", null)]
    public async Task OperatorUrl_WithoutConfiguration_IsThisMachine(string? key, string? value, string? expected)
    {
        await using var web = Esddns.Web.WebApp.Build(
            Esddns.Web.WebArguments.Read([]),
            builder =>
            {
                if (key is not null)
                    builder.Configuration[key] = value;
            }
        );
        Assert.Equal(expected, web.Configuration["services:operator:http:0"]);
    }

    private static async Task<bool> IsUsableAsync(WebRun web) =>
        (await web.RawAsync()).GetProperty("wan_ip_state").GetProperty("usable").GetBoolean();
}
