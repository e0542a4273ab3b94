using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>Removal of the kind, which deletes all its objects. The test has its own API server.</summary>
public sealed class KindRemovalTests : IAsyncLifetime
{
    private readonly KubeApi _api = new();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task CrdDeleted_DnsRecordsStay_AndAreCleanedUpAfterItsRestore()
    {
        var @namespace = await _api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(_simulator, @namespace.WithoutRecord("pod"));
        await RecordAsync(@namespace, "app");
        await _api.KubectlAsync(null, "delete", "--wait=false", "crd", "dynamicrecords.esddns.io");
        await Eventually.IsTrueAsync(async () =>
            (await _api.KubectlAsync(null, "get", "crd", "dynamicrecords.esddns.io")).ExitCode != 0
        );
        Assert.Equal(["203.0.113.10"], Values("app"));
        await Eventually.IsTrueAsync(async () =>
        {
            var events = @namespace.Admin.CoreV1.ListNamespacedEventAsync(@namespace.Name, cancellationToken: Cancel);
            return (await events).Items.Count(e => e.Reason == "CleanupSkipped") == 1;
        });

        var (exitCode, output) = await _api.ApplyClusterAsync();
        Assert.True(exitCode == 0, output);
        await RecordAsync(@namespace, "app");
        await _api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(() => Values("app") is []);
    }

    [Fact]
    public async Task CrdUnreadable_DnsRecordStays_UntilItIsReadable()
    {
        var @namespace = await _api.NamespaceAsync(withoutRule: r => r.Resources.Contains("customresourcedefinitions"));
        var logs = new CountingLogs();
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            @namespace.WithoutRecord("pod"),
            services =>
            {
                logs.AddTo(services);
                // The waiting time of a deletion, one minute, does not end within this test.
                services.AddSingleton<TimeProvider>(new LaterTime { Ahead = TimeSpan.FromHours(-1) });
            }
        );
        await RecordAsync(@namespace, "app");
        await _api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(() =>
            logs.Lines.Any(l =>
                l.Contains("Cannot read CustomResourceDefinition dynamicrecords.esddns.io", StringComparison.Ordinal)
            )
        );
        Assert.Equal(["203.0.113.10"], Values("app"));

        var rbac = @namespace.Admin.RbacAuthorizationV1;
        var role = await rbac.ReadClusterRoleAsync($"esddns-operator:{@namespace.Name}", cancellationToken: Cancel);
        role.Rules.Add(
            new V1PolicyRule
            {
                ApiGroups = ["apiextensions.k8s.io"],
                Resources = ["customresourcedefinitions"],
                Verbs = ["get"],
            }
        );
        await rbac.ReplaceClusterRoleAsync(role, role.Name(), cancellationToken: Cancel);
        await Eventually.IsTrueAsync(() => Values("app") is []);
    }

    private string[] Values(string name) => [.. _simulator.LiveDns.Values("example.com", name, "A") ?? []];

    private static async Task RecordAsync(KubeNamespace @namespace, string name)
    {
        await @namespace.RecordAsync(
            name,
            $"{{zone: example.com, name: {name}, addressFrom: {{wan: {{}}}}}}",
            "annotations: {esddns.io/cleanup: 'true'}"
        );
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync(name, "Programmed") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            (await @namespace.RecordAsync(name)).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
    }
}
