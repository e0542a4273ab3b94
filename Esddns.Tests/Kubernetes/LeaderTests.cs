using System.Net;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>One leader, its followers, and their shared state.</summary>
public sealed class LeaderTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task TwoPods_OneWrites_BothHaveTheState()
    {
        await using var first = await StartAsync("first");
        await Eventually.IsTrueAsync(() => first.Snapshot.InSync);
        await using var second = await StartAsync("second");
        await Eventually.IsTrueAsync(() => second.Snapshot.InSync);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "home", "A")!);
        Assert.Single(_simulator.Requests.Writes);
        Assert.Equal($"first_{_namespace.Name}-first", second.Snapshot.Leader);
        Assert.Equal(first.Snapshot.By, second.Snapshot.By);
        var map = await _namespace.Admin.CoreV1.ReadNamespacedConfigMapAsync(
            "esddns-wan-ip",
            _namespace.Name,
            cancellationToken: Cancel
        );
        Assert.Equal("203.0.113.10", map.Data["current_ip"]);
        Assert.Equal(["current_ip", "detected_at", "status", "timestamp"], map.Data.Keys.Order());
    }

    [Fact]
    public async Task LeaderStops_ReleasesTheLease()
    {
        OperatorRun second;
        await using (var first = await StartAsync("first"))
        {
            await Eventually.IsTrueAsync(() => first.Snapshot.InSync);
            second = await StartAsync("second");
            await Eventually.IsTrueAsync(() => second.Snapshot.InSync);
        }

        await using var rest = second;
        await Eventually.IsTrueAsync(() =>
            second.Snapshot.Leader?.StartsWith("second", StringComparison.Ordinal) == true
        );
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "home", "A") is ["203.0.113.77"]);
    }

    [Fact]
    public async Task Sync_AtAnyPod_ReachesTheLeader()
    {
        await using var first = await StartAsync("first");
        await Eventually.IsTrueAsync(() => first.Snapshot.InSync);
        await using var second = await StartAsync("second");
        await Eventually.IsTrueAsync(() => second.Snapshot.InSync);
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.1");
        using var answer = await second.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("203.0.113.10", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("203.0.113.10", _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    [Fact]
    public async Task NodeReport_IsWrittenOnlyWhenTheAddressChanges()
    {
        await using var run = await StartAsync("first");
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
        await Eventually.IsTrueAsync(async () => (await ReportsAsync()).Contains($"esddns-{_namespace.Name}-first"));
        var before = await ReportAsync("first");
        Assert.Equal("203.0.113.10", before.GetAnnotation("esddns.io/ipv4"));
        for (var i = 0; i < 2; i++)
            (await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel)).EnsureSuccessStatusCode();
        Assert.Equal(before.ResourceVersion(), (await ReportAsync("first")).ResourceVersion());
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        await Eventually.IsTrueAsync(async () =>
            (await ReportAsync("first")).GetAnnotation("esddns.io/ipv4") == "203.0.113.77"
        );
    }

    [Fact]
    public async Task OtherNodes_SupportTheLeadersAddress()
    {
        // The leader can query only one provider of sources, which is no quorum. The other node can query another one.
        await using var leader = await OperatorRun.StartAsync(
            _simulator,
            _namespace.Settings(
                "leader",
                more: s =>
                {
                    s["Esddns:Discovery:Echo"] = s["Esddns:Discovery:Dns"] = "none";
                    s["Esddns:CanaryInterval"] = "1";
                }
            )
        );
        await Eventually.IsTrueAsync(() => leader.Snapshot.Wan is [{ Verdict: VerdictKind.Insufficient }]);
        await using var other = await OperatorRun.StartAsync(
            _simulator,
            _namespace.Settings("other", more: s => s["Esddns:Discovery:Stun"] = "none")
        );
        await Eventually.IsTrueAsync(() => leader.Snapshot.InSync);
        Assert.Contains(leader.Snapshot.Wan[0].Votes, v => v is { Counted: true, Via: not null });
        Assert.StartsWith("leader", leader.Snapshot.By, StringComparison.Ordinal);
    }

    private async Task<string[]> ReportsAsync() =>
        [
            .. (
                await _namespace.Admin.CoordinationV1.ListNamespacedLeaseAsync(
                    _namespace.Name,
                    cancellationToken: Cancel
                )
            ).Items.Select(l => l.Name()),
        ];

    private Task<V1Lease> ReportAsync(string pod) =>
        _namespace.Admin.CoordinationV1.ReadNamespacedLeaseAsync(
            $"esddns-{_namespace.Name}-{pod}",
            _namespace.Name,
            cancellationToken: Cancel
        );

    private Task<OperatorRun> StartAsync(string pod) => OperatorRun.StartAsync(_simulator, _namespace.Settings(pod));
}
