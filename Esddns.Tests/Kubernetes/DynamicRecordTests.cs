using System.Net;
using Esddns.Simulator;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>Records declared as objects, from the API server to the DNS and back.</summary>
public sealed class DynamicRecordTests(KubeApi api) : IAsyncLifetime
{
    private const string Wan = "{zone: example.com, name: app, addressFrom: {wan: {}}}";
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;
    private OperatorRun _operator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
        _operator = await OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord("pod", more: s => s["Esddns:Propagation:Interval"] = "1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Wan_IsProgrammedAndPropagated()
    {
        await _namespace.RecordAsync("app", Wan);
        foreach (
            var (type, reason) in new[]
            {
                ("Accepted", "Accepted"),
                ("Detected", "Agreed"),
                ("Programmed", "InSync"),
                ("Propagated", "ServersAgree"),
            }
        )
            await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", type) == $"True {reason}");
        var status = (await _namespace.RecordAsync("app")).Status!;
        Assert.Equal(
            ("app.example.com", "203.0.113.10", 1L),
            (status.Fqdn, Assert.Single(status.Addresses!), status.ObservedGeneration)
        );
        Assert.Contains("/records/app/A", status.RecordHref, StringComparison.Ordinal);
        Assert.NotNull(status.LastSyncTime);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "app", "A")!);
    }

    [Fact]
    public async Task ChangedAddress_IsAnEventOnTheObject()
    {
        await _namespace.RecordAsync("app", Wan);
        await IsAsync("app", "203.0.113.10");
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await IsAsync("app", "203.0.113.77");
        await Eventually.IsTrueAsync(async () =>
            (await EventsAsync()).Any(e =>
                e is { Reason: "RecordUpdated", Type: "Normal" }
                && e.Message.Contains("app.example.com A is 203.0.113.77 (was 203.0.113.10)", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Failure_IsOneCondition_AndOneEventWithACount()
    {
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await _namespace.RecordAsync("app", Wan);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Forbidden"
        );
        await SyncAsync();
        await SyncAsync();
        await Eventually.IsTrueAsync(async () =>
            (await EventsAsync()).Any(e => e is { Reason: "RecordFailed", Type: "Warning", Count: > 1 })
        );
        Assert.Single(await EventsAsync(), e => e.Reason == "RecordFailed");
        _simulator.LiveDns.Main.Tokens[0].MayManageDns = true;
        await SyncAsync();
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Programmed") == "True InSync");
    }

    [Fact]
    public async Task TwoObjectsForOneRRset_TheOlderKeepsIt()
    {
        await _namespace.RecordAsync("older", Wan);
        await IsAsync("app", "203.0.113.10");
        // The server notes the second of a creation.
        var created = (await _namespace.RecordAsync("older")).Metadata.CreationTimestamp!.Value;
        await Eventually.IsTrueAsync(() => TimeProvider.System.GetUtcNow() >= created.AddSeconds(2));
        await _namespace.RecordAsync("a-younger", Wan);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-younger", "Accepted") == "False Conflict"
        );
        Assert.Contains(
            $"already kept for DynamicRecord {_namespace.Name}/older",
            (await _namespace.RecordAsync("a-younger")).Status!.Conditions![0].Message,
            StringComparison.Ordinal
        );
        Assert.Equal("True Accepted", await _namespace.ConditionAsync("older", "Accepted"));
        await DeleteAsync("older");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-younger", "Programmed") == "True InSync"
        );
    }

    [Fact]
    public async Task ObserveOnly_WritesNothing_AndSaysWhatItWould()
    {
        _simulator.LiveDns.Set("example.com", "app", "A", 300, "192.0.2.1");
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, policy: ObserveOnly, addressFrom: {wan: {}}}"
        );
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Preserved"
        );
        Assert.Contains(
            "it would become 203.0.113.10",
            (await _namespace.RecordAsync("app")).Status!.Conditions!.Single(c => c.Type == "Programmed").Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task Suspend_LeavesTheRecordAlone_UntilItEnds()
    {
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, suspend: true, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Programmed") == "False Preserved"
        );
        Assert.Empty(_simulator.Requests.All);
        await _namespace.RecordAsync("app", Wan);
        await IsAsync("app", "203.0.113.10");
    }

    [Fact]
    public async Task Deleting_LeavesTheRecord()
    {
        await _namespace.RecordAsync("app", Wan);
        await IsAsync("app", "203.0.113.10");
        await DeleteAsync("app");
        await Eventually.IsTrueAsync(() => _operator.Snapshot.Records.Count == 0);
        await IsAsync("app", "203.0.113.10");
    }

    [Fact]
    public async Task Deleting_WithCleanup_RemovesOnlyWhatWasOurs()
    {
        await _namespace.RecordAsync("app", Wan, "annotations: {esddns.io/cleanup: 'true'}");
        await IsAsync("app", "203.0.113.10");
        _simulator.LiveDns.Set("example.com", "app", "A", 300, "203.0.113.10", "192.0.2.99");
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
        await DeleteAsync("app");
        await IsAsync("app", "192.0.2.99");
        await Eventually.IsTrueAsync(async () => await IsGoneAsync("app"));
    }

    [Fact]
    public async Task Types_EachHaveTheirFamily()
    {
        _simulator.LiveDns.Set("example.com", "app", "AAAA", 300, "2001:db8::1");
        await _namespace.NodeAsync($"{_namespace.Name}-n", ["ExternalIP=198.51.100.7", "ExternalIP=2001:db8::7"]);
        await _namespace.RecordAsync(
            "app",
            $"{{zone: example.com, name: app, types: [A, AAAA], addressFrom: {{nodes: {{selector: {{matchLabels: "
                + $"{{test: {_namespace.Name}}}}}}}}}}}"
        );
        await IsAsync("app", "198.51.100.7");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "app", "AAAA") is ["2001:db8::7"]);
    }

    [Theory]
    [InlineData("{zone: example.com, name: app, addressFrom: {}}", "addressFrom")]
    [InlineData("{zone: example.com, name: app, addressFrom: {wan: {}, nodes: {}}}", "addressFrom")]
    [InlineData(
        "{zone: example.com, name: app, ttl: 60, addressFrom: {wan: {}}}",
        "should be greater than or equal to 300"
    )]
    [InlineData("{zone: example.com, name: 'a b', addressFrom: {wan: {}}}", "spec.name")]
    [InlineData("{zone: 'no zone', addressFrom: {wan: {}}}", "spec.zone")]
    [InlineData("{zone: example.com, types: [MX], addressFrom: {wan: {}}}", "supported values: \"A\", \"AAAA\"")]
    [InlineData(
        "{zone: example.com, policy: Force, addressFrom: {wan: {}}}",
        "supported values: \"Merge\", \"Replace\", \"ObserveOnly\""
    )]
    [InlineData("{zone: example.com, addressFrom: {service: {}}}", "spec.addressFrom.service.name")]
    [InlineData("{name: app, addressFrom: {wan: {}}}", "spec.zone")]
    [InlineData(
        "{zone: example.com, addressFrom: {nodes: {selector: {matchLabels: {a: 1}}}}}",
        "spec.addressFrom.nodes.selector.matchLabels.a"
    )]
    [InlineData(
        "{zone: example.com, addressFrom: {wan: {nodeSelector: {matchExpressions: [{key: a, operator: Like}]}}}}",
        "supported values: \"In\", \"NotIn\""
    )]
    public async Task InvalidObject_IsRefusedByTheServer(string spec, string why)
    {
        var (exitCode, output) = await api.KubectlAsync(
            $$"""
            apiVersion: esddns.io/v1alpha1
            kind: DynamicRecord
            metadata: {name: bad}
            spec: {{spec}}
            """,
            "apply",
            "--validate=false",
            "--namespace",
            _namespace.Name,
            "-f",
            "-"
        );
        Assert.NotEqual(0, exitCode);
        Assert.Contains(why, output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhatTheSchemaCannotSay_IsACondition()
    {
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, addressFrom: {wan: {policy: All, nodeSelector: {matchLabels: {a: b}}}}}"
        );
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Accepted") == "False Invalid");
        Assert.Contains(
            "not both",
            (await _namespace.RecordAsync("app")).Status!.Conditions![0].Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task CredentialsOfItsOwn_NeedARoleInItsNamespace()
    {
        await _namespace.ApplyAsync(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: mine}
            stringData: {token: simulator-token}
            """
        );
        await _namespace.RecordAsync(
            "app",
            "{zone: example.com, name: app, credentialsSecretRef: {name: mine, key: token}, addressFrom: {wan: {}}}"
        );
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("app")).Status?.Conditions?.Single(c => c.Type == "Programmed")
                is { Reason: "Unauthorized", Message: { } message }
            && message.Contains("cannot list resource \"secrets\"", StringComparison.Ordinal)
        );
        await _namespace.ApplyAsync(
            $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: esddns-credentials}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: esddns-credentials-reader}
            subjects: [{kind: ServiceAccount, name: esddns-operator, namespace: {{_namespace.Name}}}]
            """
        );
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Programmed") == "True InSync");
    }

    private async Task SyncAsync()
    {
        using var answer = await _operator.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private Task IsAsync(string name, params string[] values) =>
        Eventually.IsTrueAsync(() =>
            _simulator.LiveDns.Values("example.com", name, "A") is { } now && now.Order().SequenceEqual(values.Order())
        );

    private async Task<IList<Corev1Event>> EventsAsync() =>
        (await _namespace.Admin.CoreV1.ListNamespacedEventAsync(_namespace.Name, cancellationToken: Cancel)).Items;

    private async Task DeleteAsync(string name)
    {
        var (exitCode, output) = await api.KubectlAsync(
            null,
            "delete",
            "--wait=false",
            "--namespace",
            _namespace.Name,
            "ddr",
            name
        );
        Assert.True(exitCode == 0, output);
    }

    private async Task<bool> IsGoneAsync(string name) =>
        (await api.KubectlAsync(null, "get", "--namespace", _namespace.Name, "ddr", name)).ExitCode != 0;
}
