using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>A failure of one object does not affect others, and the operator retries failed status writes.</summary>
public sealed class ObjectIsolationTests(KubeApi api) : IAsyncLifetime
{
    private const string Wan = "{zone: example.com, name: app, addressFrom: {wan: {}}}";
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task ObjectThatCannotBeWritten_DoesNotBlockOthers()
    {
        await using var run = await StartAsync(withoutRule: r => r.Resources.Contains("dynamicrecords/status"));
        const string cleanup = "annotations: {esddns.io/cleanup: 'true'}";
        await _namespace.RecordAsync("a-locked", "{zone: example.com, name: locked, addressFrom: {wan: {}}}", cleanup);
        await _namespace.RecordAsync("app", Wan, cleanup);
        await AllowAsync(["dynamicrecords/status"], ["app"]);
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
        var locked = await _namespace.RecordAsync("a-locked");
        Assert.Null(locked.Status);
        Assert.Equal(["esddns.io/cleanup"], locked.Metadata.Finalizers);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "locked", "A") ?? []);
    }

    [Fact]
    public async Task ForbiddenStatus_IsWrittenOnceItIsAllowed()
    {
        var logs = new CountingLogs();
        await using var run = await StartAsync(logs, withoutRule: r => r.Resources.Contains("dynamicrecords/status"));
        await _namespace.RecordAsync("app", Wan);
        await Eventually.IsTrueAsync(() =>
            logs.Lines.Any(l => l.Contains("cannot patch resource \"dynamicrecords/status\"", StringComparison.Ordinal))
        );
        await Eventually.IsTrueAsync(() => run.Snapshot is { Records: [{ InSync: true }] });
        await AllowAsync(["dynamicrecords/status"], null);
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        Assert.Equal("203.0.113.10", (await _namespace.RecordAsync("app")).Status!.Address);
    }

    [Fact]
    public async Task OutdatedStatusFields_OfAnyOwner_AreRemoved()
    {
        await using var run = await StartAsync();
        await _namespace.RecordAsync("app", Wan);
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        // A version without server-side apply has left a field without an owner.
        await _namespace.Admin.CustomObjects.PatchNamespacedCustomObjectStatusAsync<DynamicRecord>(
            new V1Patch(
                new { status = new { fqdn = "app.example.com", recordHref = "https://old" } },
                V1Patch.PatchType.MergePatch
            ),
            DynamicRecord.Group,
            DynamicRecord.Version,
            _namespace.Name,
            DynamicRecord.Plural,
            "app",
            fieldManager: "old",
            cancellationToken: Cancel
        );
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, addressFrom: {wan: {nodeSelector: {matchExpressions: [{key: a, "
                + "operator: In}]}}}}"
        );
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "False Invalid");
        // A second request removes the fields of other owners.
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Status
                is { Fqdn: "app.example.com", RecordHref: null, Address: null, ObservedGeneration: 2 }
        );
    }

    [Fact]
    public async Task Kubectl_WaitsForReady_AndPrintsPlainColumns()
    {
        await using var run = await StartAsync();
        await _namespace.RecordAsync("app", Wan);
        var (exitCode, output) = await api.KubectlAsync(
            null,
            "wait",
            "--for=condition=Ready",
            "--timeout=240s",
            "--namespace",
            _namespace.Name,
            "ddr/app"
        );
        Assert.True(exitCode == 0, output);
        (_, output) = await api.KubectlAsync(null, "get", "--namespace", _namespace.Name, "ddr", "app");
        Assert.Matches(@"app +app\.example\.com +203\.0\.113\.10 +True", output);
    }

    [Fact]
    public async Task ChangedSpec_IsNotReadyUntilProgrammed_AndConditionsAgree()
    {
        await using var run = await StartAsync();
        await _namespace.RecordAsync("app", Wan);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Propagated") == "True ServersAgree"
        );
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, ttl: 900, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
        {
            var status = (await _namespace.RecordAsync("app")).Status!;
            if (status.ObservedGeneration != 2)
                return false;
            Assert.DoesNotContain(
                status.Conditions!,
                c => c is { Type: "Ready" or "Programmed" or "Propagated", Status: "True" }
            );
            return status.Conditions!.Any(c => c is { Type: "Ready", Reason: "Forbidden" });
        });
    }

    [Fact]
    public async Task ObjectsInMissingZones_NeedOneLookupEach_AndFewWrites()
    {
        const int wrong = 20;
        await using var run = await StartAsync();
        for (var i = 0; i < wrong; i++)
            await _namespace.RecordAsync($"wrong-{i}", $"{{zone: zone{i}.example.org, addressFrom: {{wan: {{}}}}}}");
        for (var i = 0; i < wrong; i++)
            await Eventually.IsTrueAsync(async () =>
                await _namespace.ConditionAsync($"wrong-{i}", "Ready") == "False ZoneNotFound"
            );
        var versions = await VersionsAsync();
        for (var i = 0; i < 5; i++)
        {
            await _namespace.RecordAsync(
                "app",
                $"{{zone: example.com, name: app, ttl: {300 + i}, addressFrom: {{wan: {{}}}}}}"
            );
            await Eventually.IsTrueAsync(() =>
                _simulator.LiveDns.Zone("example.com")!.Find("app", "A")?.Ttl == 300 + i
            );
        }

        Assert.InRange(
            _simulator.Requests.All.Count(r => r.Path.Contains(".example.org", StringComparison.Ordinal)),
            1,
            wrong
        );
        Assert.Equal(versions, await VersionsAsync());

        async Task<string> VersionsAsync() =>
            (
                await api.KubectlAsync(
                    null,
                    "get",
                    "--namespace",
                    _namespace.Name,
                    "ddr",
                    "-o",
                    "jsonpath={range "
                        + ".items[?(@.spec.zone!=\"example.com\")]}{.metadata.name}={.metadata.resourceVersion} {end}"
                )
            ).Output;
    }

    [Fact]
    public async Task RecordThatDoesNotFitTheState_IsNotWritten_OthersAre()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => (s["Esddns:Records:1:Zone"], s["Esddns:Records:1:Name"]) = ("example.com", "full"),
            services => services.AddSingleton<IStatePersistence>(new FullKeeper("full.example.com"))
        );
        var snapshot = await run.RoundAsync(Operator.Reconcile.ReconcileReason.Start);
        Assert.Equal(SyncStatus.UpToDate, snapshot.Records[0].State);
        Assert.Equal(
            (SyncStatus.Failed, "state_full"),
            (snapshot.Records[1].State, snapshot.Records[1].LastError?.Type)
        );
        Assert.Null(_simulator.LiveDns.Values("example.com", "full", "A"));
    }

    [Fact]
    public async Task LongObjectName_HasEvents()
    {
        await using var run = await StartAsync();
        var name = new string('n', 253);
        await _namespace.RecordAsync(name, "{zone: example.com, addressFrom: {wan: {policy: All, nodeSelector: {}}}}");
        await Eventually.IsTrueAsync(async () =>
            (
                await _namespace.Admin.CoreV1.ListNamespacedEventAsync(_namespace.Name, cancellationToken: Cancel)
            ).Items.Any(e => e.InvolvedObject.Name == name && e.Reason == "Invalid")
        );
    }

    /// <summary>Permits the operator to patch these resources, or only those with the given names.</summary>
    private async Task AllowAsync(string[] resources, string[]? names)
    {
        var roles = _namespace.Admin.RbacAuthorizationV1;
        var role = await roles.ReadClusterRoleAsync($"esddns-operator:{_namespace.Name}", cancellationToken: Cancel);
        role.Rules.Add(
            new V1PolicyRule
            {
                ApiGroups = ["esddns.io"],
                Resources = resources,
                ResourceNames = names,
                Verbs = ["patch"],
            }
        );
        await roles.ReplaceClusterRoleAsync(role, role.Name(), cancellationToken: Cancel);
    }

    private async Task<OperatorRun> StartAsync(CountingLogs? logs = null, Func<V1PolicyRule, bool>? withoutRule = null)
    {
        _namespace = await api.NamespaceAsync(withoutRule);
        return await OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord("pod", more: s => s["Esddns:Propagation:Interval"] = "1"),
            (logs ?? new CountingLogs()).AddTo
        );
    }

    /// <summary>Stores every record except one name.</summary>
    private sealed class FullKeeper(string name) : IStatePersistence
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);

        public bool IsUnstored(RecordId id) => id.Fqdn.ToString() == name;
    }
}
