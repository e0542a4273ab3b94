using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// All tests of this folder use the roles of the manifests. These tests show that each rule is required, and that the
/// operator reports a missing one.
/// </summary>
public sealed class RolesTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("nodes", "Cannot watch Nodes", "cannot list resource \"nodes\"")]
    [InlineData("dynamicrecords", "DynamicRecords", "cannot list resource \"dynamicrecords\"")]
    [InlineData("leases", "Cannot acquire the Lease", "cannot get resource \"leases\"")]
    [InlineData("configmaps", "ConfigMap", "cannot list resource \"configmaps\"")]
    public async Task MissingRule_IsLoggedOnce_AndNothingIsWritten(string resource, string subject, string why)
    {
        var @namespace = await api.NamespaceAsync(withoutRule: r => r.Resources.Contains(resource));
        var logs = new CountingLogs();
        await using var run = await OperatorRun.StartAsync(_simulator, @namespace.Settings("pod"), logs.AddTo);
        await Eventually.IsTrueAsync(() =>
            logs.Lines.Any(l =>
                l.Contains(subject, StringComparison.Ordinal) && l.Contains(why, StringComparison.Ordinal)
            )
        );
        Assert.Single(
            logs.Lines,
            l => l.Contains(subject, StringComparison.Ordinal) && l.Contains(why, StringComparison.Ordinal)
        );
        Assert.Empty(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task MissingStatusRule_IsReported_AndTheRecordIsUpdated()
    {
        var @namespace = await api.NamespaceAsync(withoutRule: r => r.Resources.Contains("dynamicrecords/status"));
        var logs = new CountingLogs();
        await using var run = await OperatorRun.StartAsync(_simulator, @namespace.WithoutRecord("pod"), logs.AddTo);
        await @namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "app", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() =>
            logs.Lines.Any(l => l.Contains("cannot patch resource \"dynamicrecords/status\"", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Rules_GrantNoUnneededRights()
    {
        var @namespace = await api.NamespaceAsync();
        var roles = (
            await @namespace.Admin.RbacAuthorizationV1.ListClusterRoleAsync(
                cancellationToken: TestContext.Current.CancellationToken
            )
        ).Items.Where(r => r.Metadata.Name.StartsWith("esddns-operator", StringComparison.Ordinal));
        Assert.All(
            roles.SelectMany(r => r.Rules),
            (V1PolicyRule rule) =>
            {
                Assert.DoesNotContain("*", rule.Verbs);
                Assert.DoesNotContain("*", rule.Resources);
                Assert.DoesNotContain("secrets", rule.Resources);
                Assert.DoesNotContain("delete", rule.Verbs);
            }
        );
    }
}
