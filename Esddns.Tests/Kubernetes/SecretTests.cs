using System.Text;
using Esddns.Simulator;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>The token in a Secret and the record in a ConfigMap, with the names of the old system.</summary>
public sealed class SecretTests(KubeApi api) : IAsyncLifetime
{
    private const string First = "the-first-token";
    private const string Second = "the-second-token";
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _simulator.LiveDns.Main.Tokens.Clear();
        _simulator.LiveDns.Main.Tokens.Add(new SimToken("first", First));
        _namespace = await api.NamespaceAsync();
        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: esddns-config}
            data: {target-domain: example.com, record-name: old, record-ttl: "600"}
            """
        );
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task InvalidConfigMap_IsLoggedOnce_AndNothingIsWritten()
    {
        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: esddns-config}
            data: {target-domain: example.com, record-name: old, record-ttl: "60"}
            """
        );
        await TokenAsync(First);
        var logs = new CountingLogs();
        await using var run = await StartAsync(logs);
        await Eventually.IsTrueAsync(() =>
            logs.Lines.Any(l =>
                l.Contains(
                    $"{_namespace.Name}/esddns-config requests no valid record: record-ttl: '60' is not "
                        + "a number of seconds from 300 to 2592000",
                    StringComparison.Ordinal
                )
            )
        );
        await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        Assert.Single(logs.Lines, l => l.Contains("record-ttl", StringComparison.Ordinal));
        Assert.Empty(_simulator.Requests.All);
    }

    [Fact]
    public async Task NamespaceWithoutSharedToken_NeedsItsOwn()
    {
        await TokenAsync(First);
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord(
                "pod",
                more: s =>
                {
                    s.Remove("Esddns:LiveDns:Token");
                    s["Esddns:Kubernetes:SharedWith"] = "dns,infrastructure";
                }
            )
        );
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, annotations: {esddns.io/hostname: web.example.com}}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """
        );
        await _namespace.IngressAsync("web", "198.51.100.20");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Accepted") == "False NotShared"
        );
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "old", "A") is ["203.0.113.10"]);
        Assert.Null(_simulator.LiveDns.Values("example.com", "app", "A"));
        Assert.Null(_simulator.LiveDns.Values("example.com", "web", "A"));
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, credentialsSecretRef: {name: esddns-gandi-credentials}, addressFrom: "
                + "{wan: {}}}"
        );
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Programmed") == "True InSync");
    }

    [Fact]
    public async Task ConfigMapAndSecret_ChangesTakeEffectWithoutRestart()
    {
        var logs = new CountingLogs();
        await using var run = await StartAsync(logs);
        await Eventually.IsTrueAsync(() =>
            run.Snapshot.Records is [{ LastError.Message: var m }]
            && m.Contains($"there is no Secret {_namespace.Name}/esddns-gandi-credentials", StringComparison.Ordinal)
        );
        await TokenAsync(First);
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "old", "A") is ["203.0.113.10"]);

        _simulator.LiveDns.Main.Tokens.Clear();
        _simulator.LiveDns.Main.Tokens.Add(new SimToken("second", Second));
        await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        await Eventually.IsTrueAsync(() => run.Snapshot.Records is [{ LastError.Type: "unauthorized" }]);
        await TokenAsync(Second);
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);

        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: esddns-config}
            data: {target-domain: example.com, record-name: new}
            """
        );
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "new", "A") is ["203.0.113.10"]);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "old", "A")!);
        Assert.DoesNotContain(logs.Lines, HasASecret);
    }

    [Fact]
    public async Task Secrets_AppearInNoObject()
    {
        await TokenAsync(First);
        await using var run = await StartAsync(new CountingLogs());
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Programmed") == "True InSync");
        _simulator.LiveDns.Main.Tokens.Clear();
        await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Unauthorized"
        );
        var (_, everything) = await api.KubectlAsync(
            null,
            "get",
            "--namespace",
            _namespace.Name,
            "configmaps,events,leases,dynamicrecords",
            "-o",
            "yaml"
        );
        Assert.Contains("Unauthorized", everything, StringComparison.Ordinal);
        Assert.False(HasASecret(everything));
        Assert.False(HasASecret(await run.Http.GetStringAsync(new Uri("/status", UriKind.Relative), Cancel)));
        Assert.False(HasASecret(await run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel)));
    }

    private static bool HasASecret(string text) =>
        new[] { First, Second }.Any(s =>
            text.Contains(s, StringComparison.Ordinal)
            || text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(s)), StringComparison.Ordinal)
        );

    private Task<OperatorRun> StartAsync(CountingLogs logs) =>
        OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord("pod", more: s => s.Remove("Esddns:LiveDns:Token")),
            logs.AddTo
        );

    private Task TokenAsync(string token) =>
        _namespace.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: esddns-gandi-credentials}
            stringData: {api-key: {{token}}}
            """
        );
}
