using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Status;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// More records than the ConfigMap of the state has space for. The status of each object stores what is ours.
/// </summary>
public sealed class StatusOwnershipTests(KubeApi api) : IAsyncLifetime
{
    private const int Records = 12;

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
    public async Task RecordsWithoutSpaceInTheState_AreWritten_AndTheNextLeaderKnowsOurValues()
    {
        var first = await StartAsync("first", NoState);
        await CreateRecordsAsync();
        Assert.Empty(StateContent.Read(await MapAsync())!.Records);
        await first.CrashAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await using var second = await StartAsync("second", NoState);
        await Eventually.IsTrueAsync(() => Values().All(v => v.Order().ToArray() is ["192.0.2.1", "203.0.113.77"]));
    }

    /// <summary>The values are stored before they are sent.</summary>
    [Fact]
    public async Task LeaderDiesWhileItSends_NextLeaderKnowsTheSentValues()
    {
        var first = await StartAsync("first", NoState);
        await CreateRecordsAsync();
        // The write takes effect, but its answer never arrives.
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Silence) { Method = "PUT", AfterApply = true });
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.55");
        await Eventually.IsTrueAsync(() => Values().Any(v => v.Contains("203.0.113.55")));
        await first.CrashAsync();
        _simulator.Faults.Clear();
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await using var second = await StartAsync("second", NoState);
        await Eventually.IsTrueAsync(() => Values().All(v => v.Order().ToArray() is ["192.0.2.1", "203.0.113.77"]));
    }

    /// <summary>The earlier name is only known from the status.</summary>
    [Fact]
    public async Task ObjectIsRenamedWhileNobodyLeads_NextLeaderRemovesTheEarlierName()
    {
        const string cleanup = "annotations: {esddns.io/cleanup: 'true'}";
        var first = await StartAsync("first", NoState);
        await _namespace.RecordAsync("app", "{zone: example.com, name: before, addressFrom: {wan: {}}}", cleanup);
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        await first.CrashAsync();
        await _namespace.RecordAsync("app", "{zone: example.com, name: after, addressFrom: {wan: {}}}", cleanup);
        await using var second = await StartAsync("second", NoState);
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "after", "A") is ["203.0.113.10"]);
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "before", "A") is null);
    }

    [Fact]
    public async Task SlowStatuses_DelayOnlyTheirObjects()
    {
        using var held = new HeldStatuses();
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            _namespace.Settings("first"),
            services =>
            {
                NoState(services);
                var access = ClusterClient.Access(_namespace.Kubeconfig, TimeProvider.System);
                held.InnerHandler = new SocketsHttpHandler { SslOptions = access.Tls() };
                services.AddSingleton(new ApiClient(new HttpClient(held), access.Server, access.Credentials));
            }
        );
        for (var i = 0; i < 3; i++)
            await _namespace.RecordAsync($"r{i}", $"{{zone: example.com, name: r{i}, addressFrom: {{wan: {{}}}}}}");
        await Eventually.IsTrueAsync(() => run.Snapshot.Records.Count == 4);
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "home", "A") is ["203.0.113.77"]);
        Assert.Null(_simulator.LiveDns.Values("example.com", "r0", "A"));
        held.Release();
        for (var i = 0; i < 3; i++)
            await Eventually.IsTrueAsync(() =>
                _simulator.LiveDns.Values("example.com", $"r{i}", "A") is ["203.0.113.77"]
            );
    }

    [Fact]
    public async Task EditedStatus_IsRepaired()
    {
        await using var run = await StartAsync("first", _ => { });
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        await EditAsync(new { address = "192.0.2.1", records = Array.Empty<object>() });
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Status
                is { Address: "203.0.113.10", Records: [{ Name: "app", Ours: ["203.0.113.10"] }] }
        );
    }

    /// <summary>
    /// The state of a leader may lack records of a predecessor, before it has read them. Unknown is not empty.
    /// </summary>
    [Fact]
    public void RecordThatTheStateLacks_KeepsItsStoredValues()
    {
        var id = new RecordId(Fqdn.Parse("app.example.com"), RecordType.A);
        var wanted = new DesiredRecord(
            id.Fqdn,
            DomainName.Parse("example.com"),
            OwnerName.Parse("app"),
            id.Type,
            300,
            RecordPolicy.Merge
        );
        var stored = new OwnedRecord
        {
            Zone = "example.com",
            Name = "app",
            Type = "A",
            Ours = ["203.0.113.10"],
        };
        var request = new RecordRequest(new DynamicRecord(), [wanted]);
        var status = DynamicRecordConditions.Of(new DynamicRecord(), request, Snapshot.Empty, [stored], default);
        Assert.Same(stored, Assert.Single(status.Records!));
        OwnedRecord[] many = [.. Enumerable.Repeat(stored, OwnedRecord.MaxRecords + 1)];
        status = DynamicRecordConditions.Of(new DynamicRecord(), request, Snapshot.Empty, many, default);
        Assert.Equal(OwnedRecord.MaxRecords, status.Records!.Count);
    }

    /// <summary>The status of a Service cannot store the values of ours.</summary>
    [Fact]
    public async Task RecordThatCannotBeStored_IsNotWritten_AndOthersAre()
    {
        await using var run = await StartAsync("first", NoState);
        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, annotations: {esddns.io/hostname: web.example.com}}
            spec: {ports: [{port: 80}], type: LoadBalancer}
            """
        );
        await _namespace.IngressAsync("web", "198.51.100.7");
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
        await Eventually.IsTrueAsync(() =>
            run.Snapshot.Records.Any(r =>
                r is { LastError.Type: "state_full", Id: var id }
                && id.ToString().StartsWith("web", StringComparison.Ordinal)
            )
        );
        Assert.Null(_simulator.LiveDns.Values("example.com", "web", "A"));
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "app", "A")!);
    }

    private Task EditAsync(object status) =>
        _namespace.Admin.CustomObjects.PatchNamespacedCustomObjectStatusAsync<DynamicRecord>(
            new V1Patch(new { status }, V1Patch.PatchType.MergePatch),
            DynamicRecord.Group,
            DynamicRecord.Version,
            _namespace.Name,
            DynamicRecord.Plural,
            "app",
            cancellationToken: Cancel
        );

    /// <summary>Holds the requests for the status of objects back until they are released.</summary>
    private sealed class HeldStatuses : DelegatingHandler
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/status", StringComparison.Ordinal))
                await _released.Task.WaitAsync(cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private static void NoState(IServiceCollection services) => services.AddSingleton(new StateSizeLimit(1));

    /// <summary>Creates the records. Next to a foreign value, a value of ours that is not known would stay.</summary>
    private async Task CreateRecordsAsync()
    {
        for (var i = 0; i < Records; i++)
            await _namespace.RecordAsync($"r{i}", $"{{zone: example.com, name: r{i}, addressFrom: {{wan: {{}}}}}}");
        for (var i = 0; i < Records; i++)
        {
            await Eventually.IsTrueAsync(async () =>
                await _namespace.ConditionAsync($"r{i}", "Ready") == "True InSync"
            );
            _simulator.LiveDns.Set("example.com", $"r{i}", "A", 300, "203.0.113.10", "192.0.2.1");
        }
    }

    private IEnumerable<string[]> Values() =>
        Enumerable.Range(0, Records).Select(i => _simulator.LiveDns.Values("example.com", $"r{i}", "A") ?? []);

    private async Task<Operator.Kubernetes.Client.Objects.ConfigMap> MapAsync() =>
        await _namespace.Client.GetAsync(
            Operator.Kubernetes.Client.Resources.ConfigMaps,
            _namespace.Name,
            "esddns-wan-ip",
            Cancel
        );

    private Task<OperatorRun> StartAsync(string pod, Action<IServiceCollection> services) =>
        OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord(pod, more: s => s["Esddns:CanaryInterval"] = "1"),
            services
        );
}
