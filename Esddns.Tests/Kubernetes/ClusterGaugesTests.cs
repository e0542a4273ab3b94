using Esddns.Operator.Kubernetes.Observers;
using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>The gauges behind the alerts of a cluster, against a real API server.</summary>
public sealed class ClusterGaugesTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    /// <summary>A report older than three heartbeats has expired, until its node is removed.</summary>
    [Fact]
    public async Task NodeReports_CountsCurrentAndExpiredOnes()
    {
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(_simulator, @namespace.Settings("pod"));
        await ShowsAsync(run, """esddns_node_reports{state="current"} 1""");
        await ShowsAsync(run, """esddns_node_reports{state="expired"} 0""");

        var leases = @namespace.Admin.CoordinationV1;
        var report = Report("other", TimeProvider.System.GetUtcNow());
        await leases.CreateNamespacedLeaseAsync(report, @namespace.Name, cancellationToken: Cancel);
        await ShowsAsync(run, """esddns_node_reports{state="current"} 2""");

        var expired = new { spec = new { renewTime = TimeProvider.System.GetUtcNow().AddMinutes(-16) } };
        await leases.PatchNamespacedLeaseAsync(
            new V1Patch(expired, V1Patch.PatchType.MergePatch),
            report.Name(),
            @namespace.Name,
            cancellationToken: Cancel
        );
        await ShowsAsync(run, """esddns_node_reports{state="expired"} 1""");
        await ShowsAsync(run, """esddns_node_reports{state="current"} 1""");

        await leases.DeleteNamespacedLeaseAsync(report.Name(), @namespace.Name, cancellationToken: Cancel);
        await ShowsAsync(run, """esddns_node_reports{state="expired"} 0""");
    }

    [Theory]
    [InlineData("Nodes", "nodes", null)]
    [InlineData("Services", "services", null)]
    [InlineData("DynamicRecords", "dynamicrecords", null)]
    [InlineData("ConfigMap", "configmaps", "esddns-config")]
    [InlineData("State", "configmaps", "esddns-wan-ip")]
    public async Task RefusedWatch_IsLost_UntilTheRuleIsBack(string kind, string resource, string? name)
    {
        V1PolicyRule? rule = null;
        var @namespace = await api.NamespaceAsync(r =>
        {
            var isIt = r.Resources.Contains(resource) && r.ResourceNames?.FirstOrDefault() == name;
            if (isIt && r.Verbs.Contains("watch"))
                rule = r;
            return rule == r;
        });
        await using var run = await OperatorRun.StartAsync(_simulator, @namespace.Settings("pod"));
        await ShowsAsync(run, $$"""esddns_watch_lost{kind="{{kind}}"} 1""");

        await AddRuleAsync(@namespace, rule!);
        await ShowsAsync(run, $$"""esddns_watch_lost{kind="{{kind}}"} 0""");
        await ShowsAsync(run, "esddns_leader{} 1");
        foreach (var other in new[] { "State", "Nodes", "Services", "DynamicRecords", "Leases", "ConfigMap" })
            await ShowsAsync(run, $$"""esddns_watch_lost{kind="{{other}}"} 0""");
    }

    /// <summary>Only the leader reports the term, the watches of objects and the nodes.</summary>
    [Fact]
    public async Task LeaderTerm_GrowsWithEachLeader_AndIsAbsentOnAFollower()
    {
        var @namespace = await api.NamespaceAsync();
        OperatorRun follower;
        double first;
        await using (var leader = await OperatorRun.StartAsync(_simulator, @namespace.Settings("first")))
        {
            await ShowsAsync(leader, "esddns_leader{} 1");
            first = await TermAsync(leader) ?? throw new InvalidOperationException("The leader reports no term.");
            follower = await OperatorRun.StartAsync(_simulator, @namespace.Settings("second"));
            await ShowsAsync(follower, "esddns_leader{} 0");
            await ShowsAsync(follower, """esddns_watch_lost{kind="State"} 0""");
            var metrics = await MetricsAsync(follower);
            Assert.DoesNotContain("esddns_leader_term{", metrics, StringComparison.Ordinal);
            Assert.DoesNotContain("esddns_node_reports{", metrics, StringComparison.Ordinal);
            Assert.DoesNotContain("""kind="Nodes""", metrics, StringComparison.Ordinal);
        }

        await using var rest = follower;
        await ShowsAsync(follower, "esddns_leader{} 1");
        Assert.True(await TermAsync(follower) > first);
    }

    private static V1Lease Report(string node, DateTimeOffset at) =>
        new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = NodeReportWriter.NameOf(node),
                Labels = new Dictionary<string, string> { ["esddns.io/report"] = "node" },
            },
            Spec = new V1LeaseSpec { HolderIdentity = node, RenewTime = at.UtcDateTime },
        };

    /// <summary>Adds the rule to the role that has no names of objects in it, or to the one that has.</summary>
    private static async Task AddRuleAsync(KubeNamespace @namespace, V1PolicyRule rule)
    {
        var rbac = @namespace.Admin.RbacAuthorizationV1;
        if (rule.ResourceNames is null)
        {
            var role = await rbac.ReadClusterRoleAsync($"esddns-operator:{@namespace.Name}", cancellationToken: Cancel);
            role.Rules.Add(rule);
            await rbac.ReplaceClusterRoleAsync(role, role.Name(), cancellationToken: Cancel);
        }
        else
        {
            var role = await rbac.ReadNamespacedRoleAsync(
                "esddns-operator",
                @namespace.Name,
                cancellationToken: Cancel
            );
            role.Rules.Add(rule);
            await rbac.ReplaceNamespacedRoleAsync(role, role.Name(), @namespace.Name, cancellationToken: Cancel);
        }
    }

    private static Task ShowsAsync(OperatorRun run, string line) =>
        Eventually.IsTrueAsync(async () => (await MetricsAsync(run)).Split('\n').Contains(line), line);

    private static async Task<double?> TermAsync(OperatorRun run) =>
        (await MetricsAsync(run))
            .Split('\n')
            .FirstOrDefault(l => l.StartsWith("esddns_leader_term{", StringComparison.Ordinal))
            is { } line
            ? double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static Task<string> MetricsAsync(OperatorRun run) =>
        run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
}
