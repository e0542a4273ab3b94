using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using k8s;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>An object that asks for cleanup while the provider is down.</summary>
public sealed class CleanupTests(KubeApi api)
{
    [Fact]
    public async Task ProviderDown_DeletionWaitsAMinute_AndNoLonger()
    {
        await using var simulator = await Sim.StartAsync();
        var @namespace = await api.NamespaceAsync();
        var time = new LaterTime();
        await using var run = await OperatorRun.StartAsync(simulator, @namespace.WithoutRecord("pod"), services => services.AddSingleton<TimeProvider>(time));
        await @namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}", "annotations: {esddns.io/cleanup: 'true'}");
        await Eventually.IsTrueAsync(async () => await @namespace.ConditionAsync("app", "Programmed") == "True InSync");
        await Eventually.IsTrueAsync(async () => (await @namespace.RecordAsync("app")).Metadata.Finalizers is ["esddns.io/cleanup"]);

        simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503 });
        await api.KubectlAsync(null, "delete", "--wait=false", "--namespace", @namespace.Name, "ddr", "app");
        await Eventually.IsTrueAsync(() => run.Snapshot.Records is [{ LastError.Type: not null, Outcome: Operator.State.RecordOutcome.Failed }]);
        time.Ahead = TimeSpan.FromSeconds(40);
        await SyncAsync(run);
        await SyncAsync(run);
        Assert.NotNull((await @namespace.RecordAsync("app")).Metadata.DeletionTimestamp);

        time.Ahead = TimeSpan.FromSeconds(61);
        await Eventually.IsTrueAsync(async () => (await api.KubectlAsync(null, "get", "--namespace", @namespace.Name, "ddr", "app")).ExitCode != 0);
        Assert.Equal(["203.0.113.10"], simulator.LiveDns.Values("example.com", "app", "A")!);
        var events = await @namespace.Admin.CoreV1.ListNamespacedEventAsync(@namespace.Name, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Single(events.Items, e => e.Reason == "CleanupGivenUp");
    }

    private static async Task SyncAsync(OperatorRun run)
    {
        using var answer = await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
