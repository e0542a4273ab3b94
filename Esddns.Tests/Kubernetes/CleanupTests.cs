using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>Objects with cleanup on deletion.</summary>
public sealed class CleanupTests(KubeApi api)
{
    private const string Cleanup = "annotations: {esddns.io/cleanup: 'true'}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProviderDown_DeletionWaitsAtMostAMinute()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        var time = new LaterTime();
        await using var run = await OperatorRun.StartAsync(
            simulator,
            @namespace.WithoutRecord("pod"),
            services => services.AddSingleton<TimeProvider>(time)
        );
        await @namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, addressFrom: {wan: {}}}",
            "annotations: {esddns.io/cleanup: 'true'}"
        );
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Programmed") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            (await @namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]
        );

        simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503 });
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        var deleted = (await @namespace.RecordAsync("app")).Metadata.DeletionTimestamp!.Value;
        await Eventually.IsTrueAsync(() =>
            run.Snapshot.Records is [{ LastError.Type: not null, Outcome: Operator.State.RecordOutcome.Failed }]
        );
        time.Ahead = TimeSpan.FromSeconds(40);
        await SyncAsync(run);
        await SyncAsync(run);
        // On a slow machine the minute may be over by now.
        Assert.True(await ExistsAsync() || time.GetUtcNow() - deleted > TimeSpan.FromMinutes(1));

        time.Ahead = TimeSpan.FromSeconds(61);
        await Eventually.IsTrueAsync(async () => !await ExistsAsync());
        Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "app", "A")!);
        // It is written after the object's release.
        await Eventually.IsTrueAsync(async () =>
        {
            var events = await @namespace.Admin.CoreV1.ListNamespacedEventAsync(
                @namespace.Name,
                cancellationToken: TestContext.Current.CancellationToken
            );
            return events.Items.Count(e => e.Reason == "CleanupGivenUp") == 1;
        });

        async Task<bool> ExistsAsync() =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode == 0;
    }

    [Fact]
    public async Task LateWrite_AfterTheObjectIsDeleted_IsRemoved()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(
            simulator,
            @namespace.WithoutRecord("pod", more: s => s["Esddns:LiveDns:Timeout"] = "5")
        );
        await CreateWithFinalizerAsync(@namespace, "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        simulator.Faults.Add(new Fault("livedns", FaultEffect.LateWrite) { LatencyMs = 20_000, Count = 1 });
        simulator.Wan.IPv4 = System.Net.IPAddress.Parse("203.0.113.77");
        var syncing = SyncAsync(run);
        await Eventually.IsTrueAsync(() => simulator.Faults.Held == 1);
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(async () =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode != 0
        );
        await syncing;
        Assert.True(simulator.Faults.Held == 1 || simulator.LiveDns.Values("example.com", "app", "A") is not null);
        await Eventually.IsTrueAsync(() =>
            simulator.Faults.Held == 0 && simulator.LiveDns.Values("example.com", "app", "A") is null or []
        );
        Assert.Contains(
            "203.0.113.77",
            string.Join(' ', simulator.Requests.Writes.Select(w => w.Body)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ChangedName_RemovesOwnValuesOfTheOldName()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await CreateWithFinalizerAsync(@namespace, "{zone: example.com, name: old, addressFrom: {wan: {}}}");
        simulator.LiveDns.Set("example.com", "old", "A", 300, "203.0.113.10", "192.0.2.99");
        await @namespace.RecordAsync("app", "{zone: example.com, name: new, addressFrom: {wan: {}}}", Cleanup);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "new", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "old", "A") is ["192.0.2.99"]);
        await Eventually.IsTrueAsync(() => run.Snapshot.Records is [{ InSync: true }]);
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Ready") == "True InSync");
    }

    [Fact]
    public async Task ChangedName_WithoutCleanup_KeepsTheOldRecord()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await @namespace.RecordAsync("app", "{zone: example.com, name: old, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "old", "A") is ["203.0.113.10"]);
        await @namespace.RecordAsync("app", "{zone: example.com, name: new, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "new", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() => run.Snapshot.Records is [{ InSync: true }]);
        Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "old", "A")!);
    }

    [Fact]
    public async Task Service_RemovedNameOrService_RemovesItsRecords()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await ServiceAsync(@namespace, "one.example.com,two.example.com");
        await @namespace.IngressAsync("web", "198.51.100.20");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "two", "A") is ["198.51.100.20"]);
        await Eventually.IsTrueAsync(async () => (await ReadAsync()).Metadata.Finalizers is ["esddns.io/cleanup"]);

        await ServiceAsync(@namespace, "two.example.com");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "one", "A") is null);
        Assert.Equal(["198.51.100.20"], simulator.LiveDns.Values("example.com", "two", "A")!);

        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "service", "web");
        await Eventually.IsTrueAsync(async () =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "service", "web")).ExitCode != 0
        );
        Assert.Null(simulator.LiveDns.Values("example.com", "two", "A"));

        Task<V1Service> ReadAsync() =>
            @namespace.Admin.CoreV1.ReadNamespacedServiceAsync("web", @namespace.Name, cancellationToken: Cancel);
    }

    [Fact]
    public async Task ServiceWithoutNames_LosesItsFinalizer()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await ServiceAsync(@namespace, "one.example.com");
        await @namespace.IngressAsync("web", "198.51.100.20");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "one", "A") is ["198.51.100.20"]);
        await Eventually.IsTrueAsync(async () => (await FinalizersAsync()) is ["esddns.io/cleanup"]);
        await api.KubectlAsync(
            null,
            "annotate",
            "--namespace",
            @namespace.Name,
            "service",
            "web",
            "esddns.io/hostname-"
        );
        await Eventually.IsTrueAsync(async () => await FinalizersAsync() is null);
        Assert.Null(simulator.LiveDns.Values("example.com", "one", "A"));

        async Task<IList<string>?> FinalizersAsync() =>
            (
                await @namespace.Admin.CoreV1.ReadNamespacedServiceAsync(
                    "web",
                    @namespace.Name,
                    cancellationToken: Cancel
                )
            )
                .Metadata
                .Finalizers;
    }

    [Fact]
    public async Task DeletedNamespaceWithItsToken_RecordIsRemoved()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(
            simulator,
            @namespace.WithoutRecord("pod", more: s => s["Esddns:LiveDns:Token"] = "of-no-use")
        );
        await TokenAsync(@namespace, "simulator-token");
        await CreateWithFinalizerAsync(
            @namespace,
            "{zone: example.com, name: app, credentialsSecretRef: {name: mine}, addressFrom: {wan: {}}}"
        );
        // One possible order in which the namespace controller deletes the objects.
        await api.KubectlAsync(null, "delete", "--namespace", @namespace.Name, "secret", "mine");
        await api.KubectlAsync(null, "delete", "--namespace", @namespace.Name, "rolebinding", "esddns-credentials");
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(async () =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode != 0
        );
        Assert.Null(simulator.LiveDns.Values("example.com", "app", "A"));
    }

    /// <summary>The record is removed with the credentials that it was written with.</summary>
    [Fact]
    public async Task ChangedZoneAndCredentials_RemoveTheRecordInTheOtherAccount()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await TokenAsync(@namespace, "other-token");
        await CreateWithFinalizerAsync(@namespace, Spec("example.net", "credentialsSecretRef: {name: mine}, "));
        await @namespace.RecordAsync("app", Spec("example.com"), Cleanup);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "app", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.net", "app", "A") is null);
        await @namespace.RecordAsync("app", Spec("example.net", "credentialsSecretRef: {name: mine}, "), Cleanup);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.net", "app", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "app", "A") is null);

        static string Spec(string zone, string credentials = "") =>
            $"{{zone: {zone}, name: app, {credentials}addressFrom: {{wan: {{}}}}}}";
    }

    /// <summary>Creates a Secret with a token, which the operator may read.</summary>
    private static Task TokenAsync(KubeNamespace @namespace, string token) =>
        @namespace.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: mine}
            stringData: {api-key: {{token}}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: esddns-credentials}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: esddns-credentials-reader}
            subjects: [{kind: ServiceAccount, name: esddns-operator, namespace: {{@namespace.Name}}}]
            """
        );

    private static async Task CreateWithFinalizerAsync(KubeNamespace @namespace, string spec)
    {
        await @namespace.RecordAsync("app", spec, Cleanup);
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Programmed") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            (await @namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
    }

    private static Task ServiceAsync(KubeNamespace @namespace, string names) =>
        @namespace.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: web, annotations: {esddns.io/hostname: '{{names}}', esddns.io/cleanup: 'true'} }
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """
        );

    private static async Task SyncAsync(OperatorRun run)
    {
        using var answer = await run.Http.PostAsync(
            new Uri("/sync", UriKind.Relative),
            null,
            TestContext.Current.CancellationToken
        );
        answer.EnsureSuccessStatusCode();
    }
}
