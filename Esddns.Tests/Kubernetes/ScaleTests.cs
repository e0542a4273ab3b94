using System.Diagnostics;
using System.Text.Json;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Simulator;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>A thousand objects in twenty zones.</summary>
[Collection(nameof(ChaosTests))]
public sealed class ScaleTests(KubeApi api) : IAsyncLifetime
{
    private const int Zones = 20;
    private const int PerZone = 50;
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync(new() { RequestsPerMinute = 1000 });
        for (var zone = 0; zone < Zones; zone++) _simulator.LiveDns.Main.Zones.Add(SimZone.New($"zone{zone}.example"));
        _namespace = await api.NamespaceAsync();
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task AThousandRecords_OneListAZone_OneWriteARecord_ThenAFullResyncWritesNothing()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Zones * PerZone), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (i, cancel) =>
            await _namespace.Admin.CustomObjects.CreateNamespacedCustomObjectAsync(
                new DynamicRecord
                {
                    Metadata = new V1ObjectMeta { Name = $"record-{i}" },
                    Spec = new DynamicRecordSpec { Zone = $"zone{i % Zones}.example", Name = $"host-{i}", AddressFrom = new AddressOrigin { Wan = new WanOrigin() } },
                },
                DynamicRecord.Group, DynamicRecord.Version, _namespace.Name, DynamicRecord.Plural, cancellationToken: cancel));

        var started = Stopwatch.GetTimestamp();
        await using var run = await OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord("pod", more: s => s["Esddns:Propagation:Interval"] = "3600"));
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync && run.Snapshot.Records.Count == Zones * PerZone, seconds: 200);
        var inSync = Stopwatch.GetElapsedTime(started);
        await Eventually.IsTrueAsync(AllProgrammedAsync, seconds: 100);
        Measured.Tell($"scale, {Zones * PerZone} records: in sync after {inSync.TotalSeconds:0.0} s, every object Programmed after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");

        Assert.Equal(Zones, Lists());
        Assert.Equal(Zones * PerZone, _simulator.Requests.Writes.Count);
        Assert.Equal(Zones * PerZone, _simulator.Requests.Writes.Select(w => w.Path).Distinct().Count());
        Assert.All(_simulator.Requests.All, r => Assert.NotEqual(429, r.Status));

        _simulator.Requests.Clear();
        using var answer = await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        answer.EnsureSuccessStatusCode();
        Assert.Equal((Zones, Zones), (Lists(), _simulator.Requests.All.Count));
        var map = await _namespace.Admin.CoreV1.ReadNamespacedConfigMapAsync("esddns-wan-ip", _namespace.Name, cancellationToken: Cancel);
        using var status = JsonDocument.Parse(map.Data["status"]);
        Assert.Equal(Zones * PerZone, status.RootElement.GetProperty("records").GetArrayLength());
        Measured.Tell($"scale, the state takes {map.Data["status"].Length / 1024} KiB");
    }

    private int Lists() => _simulator.Requests.All.Count(r => r.Method == "GET" && r.Path.Contains("/records?", StringComparison.Ordinal));

    private async Task<bool> AllProgrammedAsync()
    {
        var list = await _namespace.Admin.CustomObjects.ListNamespacedCustomObjectAsync<DynamicRecordList>(DynamicRecord.Group, DynamicRecord.Version, _namespace.Name, DynamicRecord.Plural, cancellationToken: Cancel);
        return list.Items.All(r => r.Status?.Conditions?.Any(c => c is { Type: "Programmed", Status: "True" }) == true);
    }
}
