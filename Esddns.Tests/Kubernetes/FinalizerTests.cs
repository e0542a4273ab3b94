using Esddns.Tests.Support;
using k8s;

namespace Esddns.Tests.Kubernetes;

/// <summary>When the finalizer of a cleanup is set, and when it releases the object.</summary>
public sealed class FinalizerTests(KubeApi api)
{
    private const string Cleanup = "annotations: {esddns.io/cleanup: 'true'}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An object that is deleted right after its creation must not leave its record.</summary>
    [Fact]
    public async Task Record_IsPublishedOnlyAfterItsFinalizerIsSet()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await @namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}", Cleanup);
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "app", "A") is not null);
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "app", "A") is null);
    }

    [Theory]
    [InlineData("{zone: missing.test, name: app, addressFrom: {wan: {}}}", "False ZoneNotFound")]
    [InlineData("{zone: example.com, name: app, policy: ObserveOnly, addressFrom: {wan: {}}}", "True InSync")]
    public async Task NothingToCleanUp_ObjectIsReleasedAtOnce(string spec, string ready)
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Set("example.com", "app", "A", 300, "203.0.113.10");
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"));
        await @namespace.RecordAsync("app", spec, Cleanup);
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Ready") == ready);
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(async () =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode != 0
        );
        var events = await @namespace.Admin.CoreV1.ListNamespacedEventAsync(@namespace.Name, cancellationToken: Cancel);
        Assert.DoesNotContain(events.Items, e => e.Reason == "CleanupGivenUp");
        Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "app", "A")!);
    }

    /// <summary>A refused object keeps its record until it is deleted; a renamed one removes it.</summary>
    [Theory]
    [InlineData("{zone: example.com, name: home, addressFrom: {wan: {}}}", "False Conflict", false)]
    [InlineData(
        "{zone: example.com, name: app, addressFrom: {wan: {policy: All, nodeSelector: {matchLabels: {a: b}}}}}",
        "False Invalid",
        true
    )]
    public async Task RefusedObject_IsCleanedUp(string change, string accepted, bool stays)
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.Settings("pod"));
        await @namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}", Cleanup);
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Ready") == "True InSync");
        await @namespace.RecordAsync("app", change, Cleanup);
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Accepted") == accepted);
        using var answer = await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        answer.EnsureSuccessStatusCode();
        if (stays)
            Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "app", "A")!);
        else
            await Eventually.IsTrueAsync(() => simulator.LiveDns.Values("example.com", "app", "A") is null);
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(async () =>
            (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode != 0
        );
        Assert.Null(simulator.LiveDns.Values("example.com", "app", "A"));
        Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "home", "A")!);
    }
}
