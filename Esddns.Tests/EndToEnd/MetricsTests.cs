using System.Net;
using System.Text.RegularExpressions;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The metrics for Prometheus.</summary>
public sealed partial class MetricsTests : IAsyncLifetime
{
    private static readonly string s_monitoring = Path.Combine(Repository.Root, "aspirate-output", "monitoring");
    private SimulatorHost _simulator = null!;
    private OperatorRun _run = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => _run.Snapshot is { InSync: true, Round: > 0 });
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task NamesAndLabels_MatchTheOldSystem()
    {
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await _run.RoundAsync();
        _simulator.Faults.Add(new("livedns", Esddns.Simulator.Faults.FaultEffect.Status) { Count = 1 });
        await _run.RoundAsync();
        var text = await ScrapeAsync();
        string[] expected =
        [
            "esddns_dns_updates_total{domain=\"home.example.com\",record_type=\"A\"} 2",
            "esddns_dns_update_failures_total"
                + "{domain=\"home.example.com\",error_type=\"server_error\",record_type=\"A\"} 1",
            "esddns_dns_update_duration_seconds_count{domain=\"home.example.com\"} 2",
            "esddns_last_dns_update_timestamp{domain=\"home.example.com\"} ",
            "esddns_current_wan_ip_info{family=\"IPv4\",ip_address=\"198.51.100.7\"} 1",
            "esddns_wan_ip_changes_total{} 1",
            "esddns_state_in_sync{domain=\"home.example.com\"} 0",
            "esddns_records{state=\"Failed\"} 1",
            "esddns_record_state{domain=\"home.example.com\",record_type=\"A\",state=\"Failed\"} 1",
            "esddns_service_health{component=\"dns_provider\"} 0",
            "esddns_service_health{component=\"discovery\"} 1",
            "esddns_carrier_grade_nat{family=\"IPv4\"} 0",
            "esddns_observations_total{outcome=\"seen\",source=\"http",
            "esddns_provider_requests_total{operation=\"PUT\",status=\"201\"} 2",
            "esddns_convergence_duration_seconds_count{} 2",
        ];
        foreach (var line in expected)
            Assert.True(
                text.Split('\n').Any(l => l.StartsWith(line, StringComparison.Ordinal)),
                $"missing: {line}\n{text}"
            );
        Assert.Single(text.Split('\n'), l => l.StartsWith("esddns_current_wan_ip_info{", StringComparison.Ordinal));
        Assert.DoesNotContain("otel_scope", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CarrierGradeNat_IsReported()
    {
        _simulator.Faults.Add(
            new("dns", Esddns.Simulator.Faults.FaultEffect.WrongAddress) { Address = IPAddress.Parse("100.64.0.7") }
        );
        var wan = (await _run.RoundAsync()).Wan[0];
        Assert.Contains(wan.Signs, s => s.Contains("carrier-grade NAT", StringComparison.Ordinal));
        Assert.Contains("esddns_carrier_grade_nat{family=\"IPv4\"} 1", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_ReportsNoProblems()
    {
        var promtool = Tool.Require("promtool", "prometheus");
        var (exitCode, output) = await Tool.RunAsync(promtool, ["check", "metrics"], await ScrapeAsync());
        Assert.Equal((0, ""), (exitCode, output.Trim()));
    }

    [Fact]
    public async Task OpenMetrics_IsReturned_IfTheClientAcceptsIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        using var answer = await _run.Http.SendAsync(request, Cancel);
        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("# EOF\n", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public void RulesAndDashboard_UseOnlyDocumentedMetrics()
    {
        var named = new[] { "rules.yaml", "dashboard.json" }
            .SelectMany(f => MetricName().Matches(File.ReadAllText(Path.Combine(s_monitoring, f))))
            .Select(m => m.Value)
            .ToHashSet();
        Assert.True(named.Count > 30);
        var documented = DocumentedMetrics.Rows.Select(r => r.Metric).ToHashSet();
        Assert.All(named, n => Assert.Contains(Suffix().Replace(n, ""), documented));
    }

    [Fact]
    public async Task Series_HaveTheDocumentedLabels()
    {
        _simulator.Faults.Add(new("livedns", Esddns.Simulator.Faults.FaultEffect.Status) { Count = 1 });
        await _run.RoundAsync();
        var labels = DocumentedMetrics.Rows.ToLookup(r => r.Metric, r => r.Labels);
        var seen = 0;
        foreach (Match series in Series().Matches(await ScrapeAsync()))
        {
            var metric = labels.Contains(series.Groups[1].Value)
                ? series.Groups[1].Value
                : Suffix().Replace(series.Groups[1].Value, "");
            seen++;
            Assert.All(
                LabelName().Matches(series.Groups[2].Value).Select(l => l.Groups[1].Value).Where(l => l != "le"),
                l => Assert.Contains(labels[metric], text => text.Contains($"`{l}`", StringComparison.Ordinal))
            );
        }

        Assert.True(seen > 50);
    }

    [Fact]
    public async Task OpenMetrics_CarriesTheTraceOfARound()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        using var answer = await _run.Http.SendAsync(request, Cancel);
        Assert.Matches(
            @"esddns_convergence_duration_seconds_bucket\{le=""[0-9.]+""\} 1 # \{trace_id=""[0-9a-f]{32}""",
            await answer.Content.ReadAsStringAsync(Cancel)
        );
    }

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("""^(esddns_[a-z_]+)\{(.*?)\} """, RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex LabelName();

    [GeneratedRegex("esddns_[a-z_]+")]
    private static partial Regex MetricName();

    private Task<string> ScrapeAsync() => _run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
}
