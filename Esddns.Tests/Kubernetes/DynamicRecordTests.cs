using System.Net;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>DynamicRecord objects: their DNS records, conditions and Events.</summary>
public sealed class DynamicRecordTests(KubeApi api) : DynamicRecordScenario(api)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    /// <summary>The simulated network has no IPv6 address, so the AAAA record is skipped.</summary>
    [Fact]
    public async Task SkippedRecord_DoesNotHoldBackPropagated()
    {
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, types: [A, AAAA], addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("app", "Propagated") is "True ServersAgree" or "True Skipped"
        );
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "True InSync");
    }

    [Fact]
    public async Task ChangedAddress_GivesAnEvent()
    {
        await _namespace.RecordAsync("app", Wan);
        await HasValuesAsync("app", "203.0.113.10");
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.77");
        await HasValuesAsync("app", "203.0.113.77");
        await Eventually.IsTrueAsync(async () =>
            (await EventsAsync()).Any(e =>
                e is { Reason: "RecordUpdated", Type: "Normal" }
                && e.Message.Contains("app.example.com A to 203.0.113.77 (was 203.0.113.10)", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Failure_GivesOneConditionAndOneCountedEvent()
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
    public async Task TwoObjectsForOneRRset_OlderKeepsIt()
    {
        await _namespace.RecordAsync("older", Wan);
        await HasValuesAsync("app", "203.0.113.10");
        // The creation timestamp has a resolution of one second.
        var created = (await _namespace.RecordAsync("older")).Metadata.CreationTimestamp!.Value;
        await Eventually.IsTrueAsync(() => TimeProvider.System.GetUtcNow() >= created.AddSeconds(2));
        await _namespace.RecordAsync("a-younger", Wan);
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-younger", "Accepted") == "False Conflict"
        );
        var refused = (await _namespace.RecordAsync("a-younger")).Status!;
        Assert.Contains(
            $"already belongs to DynamicRecord {_namespace.Name}/older",
            refused.Conditions![0].Message,
            StringComparison.Ordinal
        );
        Assert.Equal("app.example.com", refused.Fqdn);
        Assert.Equal("True Accepted", await _namespace.ConditionAsync("older", "Accepted"));
        await DeleteAsync("older");
        await Eventually.IsTrueAsync(async () =>
            await _namespace.ConditionAsync("a-younger", "Programmed") == "True InSync"
        );
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
        await HasValuesAsync("app", "198.51.100.7");
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
        var (exitCode, output) = await Api.KubectlAsync(
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
    public async Task SpecErrorBeyondTheSchema_IsACondition()
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
    public async Task OwnCredentials_NeedARoleInTheNamespace()
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

    private async Task<IList<Corev1Event>> EventsAsync() =>
        (await _namespace.Admin.CoreV1.ListNamespacedEventAsync(_namespace.Name, cancellationToken: Cancel)).Items;
}
