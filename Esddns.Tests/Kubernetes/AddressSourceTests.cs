using System.Diagnostics;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>Records that follow nodes, Services, and the WAN observations of the nodes.</summary>
public sealed class AddressSourceTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;
    private OperatorRun _operator = null!;

    private string Selector => $"{{matchLabels: {{test: {_namespace.Name}}}}}";

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
        _operator = await OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord("pod"));
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_OnlyReadyNodesCount_AndTheLastAddressStays()
    {
        await NodeAsync("a", "ExternalIP=198.51.100.1");
        await NodeAsync("b", "ExternalIP=198.51.100.2", "InternalIP=198.51.100.222");
        await _namespace.RecordAsync(
            "nodes",
            $"{{zone: example.com, name: nodes, addressFrom: {{nodes: {{selector: {Selector}}}}}}}"
        );
        await HasValuesAsync("nodes", "198.51.100.1", "198.51.100.2");
        await _namespace.NodeStatusAsync(Node("a"), ["ExternalIP=198.51.100.1"], isReady: false);
        await HasValuesAsync("nodes", "198.51.100.2");
        await _namespace.NodeStatusAsync(Node("b"), ["ExternalIP=198.51.100.2"], isReady: false);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("nodes", "Detected") == "False Unknown"
        );
        await HasValuesAsync("nodes", "198.51.100.2");
        await _namespace.NodeStatusAsync(Node("a"), ["ExternalIP=198.51.100.3"]);
        await HasValuesAsync("nodes", "198.51.100.3");
    }

    [Fact]
    public async Task Nodes_InternalAddresses_ArePublishedIfRequested()
    {
        await NodeAsync("a", "ExternalIP=198.51.100.1", "InternalIP=198.51.100.201");
        await _namespace.RecordAsync(
            "inner",
            $"{{zone: example.com, name: inner, addressFrom: {{nodes: {{addressType: InternalIP, selector: "
                + $"{Selector}}}}}}}"
        );
        await HasValuesAsync("inner", "198.51.100.201");
    }

    [Fact]
    public async Task PrivateAddress_IsPublishedOnlyIfRequested()
    {
        await NodeAsync("a", "ExternalIP=10.0.0.5", "InternalIP=10.0.0.5");
        await ServiceAsync("inner", "esddns.io/hostname: lan.example.com");
        await _namespace.IngressAsync("inner", "192.168.1.20");
        await _namespace.RecordAsync(
            "nodes",
            $"{{zone: example.com, name: nodes, addressFrom: {{nodes: {{selector: {Selector}}}}}}}"
        );
        await _namespace.RecordAsync(
            "service",
            "{zone: example.com, name: service, addressFrom: {service: {name: inner}}}"
        );
        await _namespace.RecordAsync(
            "asked",
            $"{{zone: example.com, name: asked, addressFrom: {{nodes: {{addressType: InternalIP, selector: "
                + $"{Selector}}}}}}}"
        );
        await HasValuesAsync("asked", "10.0.0.5");
        foreach (var name in new[] { "nodes", "service" })
        {
            await Eventually.IsTrueAsync(async () =>
                await _namespace.ConditionAsync(name, "Detected") == "False Unknown"
            );
            Assert.Contains(
                "in the range private-use",
                (await _namespace.RecordAsync(name)).Status!.Conditions!.Single(c => c.Type == "Detected").Message,
                StringComparison.Ordinal
            );
            Assert.Null(_simulator.LiveDns.Values("example.com", name, "A"));
        }

        Assert.Null(_simulator.LiveDns.Values("example.com", "lan", "A"));
        await NodeAsync("b", "ExternalIP=198.51.100.2");
        await HasValuesAsync("nodes", "198.51.100.2");
    }

    [Fact]
    public async Task Service_FollowsTheLoadBalancer_AndKeepsTheLastAddresses()
    {
        await ServiceAsync("entry");
        await _namespace.RecordAsync(
            "entry",
            "{zone: example.com, name: entry, addressFrom: {service: {name: entry}}}"
        );
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("entry", "Detected") == "False Unknown"
        );
        await _namespace.IngressAsync("entry", "198.51.100.10");
        await HasValuesAsync("entry", "198.51.100.10");
        await _namespace.IngressAsync("entry", "198.51.100.11", "198.51.100.12");
        await HasValuesAsync("entry", "198.51.100.11", "198.51.100.12");
        await _namespace.IngressAsync("entry");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("entry", "Detected") == "False Unknown"
        );
        await HasValuesAsync("entry", "198.51.100.11", "198.51.100.12");
    }

    [Fact]
    public async Task AnnotatedService_NeedsNoDynamicRecord()
    {
        await ServiceAsync("web", "esddns.io/hostname: 'app.example.com, *.apps.example.com', esddns.io/ttl: '600'");
        await _namespace.IngressAsync("web", "198.51.100.20");
        await HasValuesAsync("app", "198.51.100.20");
        await HasValuesAsync("*.apps", "198.51.100.20");
        Assert.Equal(600, _operator.Snapshot.Records[0].Ttl);
    }

    [Fact]
    public async Task InvalidServiceAnnotation_IsReported()
    {
        await ServiceAsync("web", "esddns.io/hostname: app.example.com, esddns.io/ttl: '5'");
        await Eventually.IsTrueAsync(async () =>
            (
                await api.KubectlAsync(null, "describe", "--namespace", _namespace.Name, "service", "web")
            ).Output.Contains("esddns.io/ttl: '5' is not a number of seconds from 300", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(
        "twice",
        "\"bücher.example.com,xn--bcher-kva.example.com\"",
        "xn--bcher-kva.example.com is named twice; remove one"
    )]
    [InlineData("dots", "\"app.example.com,app。example.com\"", "app.example.com is named twice; remove one")]
    [InlineData("case", "\"app.example.com,APP.Example.com.\"", "app.example.com is named twice; remove one")]
    public async Task ServiceWithDuplicateName_IsReported_OthersAreNotAffected(
        string service,
        string names,
        string problem
    )
    {
        await ServiceAsync(service, $"esddns.io/hostname: {names}");
        await Eventually.IsTrueAsync(async () =>
            (
                await api.KubectlAsync(null, "describe", "--namespace", _namespace.Name, "service", service)
            ).Output.Contains(problem, StringComparison.Ordinal)
        );
        await _namespace.RecordAsync("other", "{zone: example.com, name: other, addressFrom: {wan: {}}}");
        await HasValuesAsync("other", "203.0.113.10");
    }

    [Fact]
    public async Task PatchedNodeOrService_UpdatesTheRecordAtOnce()
    {
        await NodeAsync("a", "ExternalIP=198.51.100.100");
        await ServiceAsync("entry");
        await _namespace.RecordAsync(
            "node",
            $"{{zone: example.com, name: node, addressFrom: {{nodes: {{selector: {Selector}}}}}}}"
        );
        await _namespace.RecordAsync(
            "entry",
            "{zone: example.com, name: entry, addressFrom: {service: {name: entry}}}"
        );
        await HasValuesAsync("node", "198.51.100.100");
        var (nodes, services) = (new List<double>(), new List<double>());
        for (var i = 1; i <= 10; i++)
        {
            nodes.Add(
                await SecondsAsync(
                    "node",
                    $"198.51.100.{i}",
                    a => _namespace.NodeStatusAsync(Node("a"), [$"ExternalIP={a}"])
                )
            );
            services.Add(await SecondsAsync("entry", $"198.51.100.{i + 20}", a => _namespace.IngressAsync("entry", a)));
        }

        Measured.Add($"seconds from a node's new address to the record: {Measured.Distribution(nodes)}");
        Measured.Add($"seconds from a Service's new address to the record: {Measured.Distribution(services)}");
    }

    [Fact]
    public async Task Wan_All_PublishesTheAddressesOfAllNodes()
    {
        await using var farSimulator = await Sim.StartAsync();
        farSimulator.Wan.IPv4 = System.Net.IPAddress.Parse("198.51.100.30");
        await _namespace.NodeAsync(Node("far"), []);
        await _namespace.RecordAsync("all", "{zone: example.com, name: all, addressFrom: {wan: {policy: All}}}");
        await _namespace.RecordAsync("leader", "{zone: example.com, name: leader, addressFrom: {wan: {}}}");
        await _namespace.RecordAsync(
            "far",
            $"{{zone: example.com, name: far, addressFrom: {{wan: {{nodeSelector: {Selector}}}}}}}"
        );
        await HasValuesAsync("leader", "203.0.113.10");
        await using var far = await OperatorRun.StartAsync(farSimulator, _namespace.WithoutRecord("far", Node("far")));
        await HasValuesAsync("all", "203.0.113.10", "198.51.100.30");
        await HasValuesAsync("far", "198.51.100.30");
        await HasValuesAsync("leader", "203.0.113.10");
        Assert.Empty(farSimulator.Requests.All);
    }

    private async Task<double> SecondsAsync(string record, string address, Func<string, Task> change)
    {
        var started = Stopwatch.GetTimestamp();
        await change(address);
        await HasValuesAsync(record, address);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private string Node(string name) => $"{_namespace.Name}-{name}";

    private Task NodeAsync(string name, params string[] addresses) => _namespace.NodeAsync(Node(name), addresses);

    private Task ServiceAsync(string name, string annotations = "") =>
        _namespace.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{{name}}}, annotations: { {{{annotations}}} } }
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """
        );

    private Task HasValuesAsync(string name, params string[] values) =>
        Eventually.IsTrueAsync(() =>
            _simulator.LiveDns.Values("example.com", name, "A") is { } now && now.Order().SequenceEqual(values.Order())
        );
}
