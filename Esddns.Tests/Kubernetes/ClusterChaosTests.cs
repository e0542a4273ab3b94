using System.Net;
using Esddns.Simulator.Faults;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Three operators as processes on a separate API server. Cluster faults occur one at a time in random order, each
/// during a delayed write. The test checks the request log of the simulator.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ClusterChaosTests : IAsyncLifetime
{
    private const string Foreign = "192.0.2.99";
    private readonly KubeApi _api = new();
    private readonly Random _random = new(FailoverBench.Seed);
    private FailoverBench _bench = null!;
    private int _addresses;
    private int _objects;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each fault takes half a minute, because the addresses change more often than the limit of source queries allows.
    /// </summary>
    private static int FaultCount => FailoverBench.IsThorough ? 6 : 2;

    public async ValueTask InitializeAsync() => _bench = await FailoverBench.NewAsync(_api);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task ClusterFaults_LeaveNoOutdatedValue_AndLoseNoForeignValue()
    {
        await _bench.StartAsync();
        _bench.AddForeign(Foreign);
        await CreateRecordAsync("app");
        Func<Task>[] faults =
        [
            KillAsync,
            SuspendAsync,
            RestartAsync,
            CompactAsync,
            RemoveKindAsync,
            DeleteWhileDownAsync,
        ];
        for (var i = 0; i < FaultCount; i++)
        {
            if (i % faults.Length == 0)
                _random.Shuffle(faults);
            await HoldWriteAsync();
            await faults[i % faults.Length]();
            ChangeAddress();
            await _bench.IsInSyncAsync();
            await HasValuesAsync("app", _bench.Simulator.Wan.IPv4!.ToString());
        }

        await Eventually.IsTrueAsync(() => _bench.Simulator.Faults.Held == 0, "every delayed write has taken effect");
        await _bench.IsInSyncAsync();
        await HasValuesAsync("app", _bench.Simulator.Wan.IPv4!.ToString());
        for (var i = 1; i <= _objects; i++)
            await HasValuesAsync($"gone-{i}");
        var home = _bench.Simulator.Requests.Writes.Where(w =>
            w.Path.EndsWith("/home/A", StringComparison.Ordinal)
            && w.Body?.Contains("198.51", StringComparison.Ordinal) == true
        );
        Assert.All(
            home.SkipWhile(w => !w.Body!.Contains(Foreign, StringComparison.Ordinal)),
            w => Assert.Contains(Foreign, w.Body!, StringComparison.Ordinal)
        );
        _bench.CheckWriters();
    }

    private async Task KillAsync()
    {
        var leader = await _bench.LeaderAsync();
        await _bench.KillAsync(leader);
        _bench.Start(leader);
    }

    private async Task SuspendAsync() =>
        await _bench.PauseAsync(await _bench.LeaderAsync(), TimeSpan.FromSeconds(FailoverBench.IsThorough ? 30 : 6));

    private Task RestartAsync() => _api.RestartAsync();

    private Task CompactAsync() => _api.CompactAsync();

    /// <summary>
    /// Removing the kind removes its objects. Their DNS records stay, and the restored objects own them again.
    /// </summary>
    private async Task RemoveKindAsync()
    {
        await _api.KubectlAsync(null, "delete", "--wait=false", "crd", "dynamicrecords.esddns.io");
        await Eventually.IsTrueAsync(async () =>
            (await _api.KubectlAsync(null, "get", "crd", "dynamicrecords.esddns.io")).ExitCode != 0
        );
        var (exitCode, output) = await _api.ApplyClusterAsync();
        Assert.True(exitCode == 0, output);
        await CreateRecordAsync("app");
    }

    private async Task DeleteWhileDownAsync()
    {
        var name = $"gone-{++_objects}";
        await CreateRecordAsync(name);
        var down = new Fault("livedns", FaultEffect.Status) { Status = 503 };
        _bench.Simulator.Faults.Add(down);
        await _api.KubectlAsync(null, "delete", "--wait=false", "--namespace", _bench.Namespace.Name, "ddr", name);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Cancel);
        _bench.Simulator.Faults.Clear();
        await Eventually.IsTrueAsync(async () =>
            (await _api.KubectlAsync(null, "get", "--namespace", _bench.Namespace.Name, "ddr", name)).ExitCode != 0
        );
    }

    private async Task HoldWriteAsync()
    {
        ChangeAddress();
        _bench.Simulator.Faults.Add(
            new Fault("livedns", FaultEffect.LateWrite) { LatencyMs = _random.Next(1000, 12000), Count = 1 }
        );
        await _bench.SyncAsync(await _bench.LeaderAsync());
        await Eventually.IsTrueAsync(() => _bench.Simulator.Faults.Active.Count == 0);
    }

    private async Task CreateRecordAsync(string name)
    {
        var (zone, origin) = ("example.com", "{wan: {}}");
        await _bench.Namespace.RecordAsync(
            name,
            $"{{zone: {zone}, name: {name}, addressFrom: {origin}}}",
            "annotations: {esddns.io/cleanup: 'true'}"
        );
        await Eventually.IsTrueAsync(async () =>
            await _bench.Namespace.ConditionAsync(name, "Programmed") == "True InSync"
        );
        await Eventually.IsTrueAsync(async () =>
            (await _bench.Namespace.RecordAsync(name)).Metadata.Finalizers is ["esddns.io/cleanup"]
        );
    }

    private Task HasValuesAsync(string name, params string[] values) =>
        Eventually.IsTrueAsync(
            () => (_bench.Simulator.LiveDns.Values("example.com", name, "A") ?? []).SequenceEqual(values),
            $"{name} is [{string.Join(", ", values)}]"
        );

    private void ChangeAddress() =>
        _bench.Simulator.Wan.IPv4 = new IPAddress([198, 51, 100, (byte)(++_addresses % 250 + 1)]);
}
