using System.Diagnostics;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Simulator;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Many objects in twenty zones; ESDDNS_RECORDS sets their number (1,000 in CI). They need more requests than the
/// provider permits in one minute.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ScaleTests(KubeApi api) : IAsyncLifetime
{
    private static readonly int s_records = ManyRecords.Number("ESDDNS_RECORDS", otherwise: 500);

    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync(new() { RequestsPerMinute = 1000 });
        ManyRecords.AddZones(_simulator);
        _namespace = await api.NamespaceAsync();
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task ManyRecords_AreWrittenOnceWithoutThrottling_AndAResyncWritesNothing()
    {
        await ManyRecords.CreateAsync(_namespace, s_records, Cancel);
        var started = Stopwatch.GetTimestamp();
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord("pod", more: s => s["Esddns:Propagation:Interval"] = "3600")
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync && run.Snapshot.Records.Count == s_records);
        var inSync = Stopwatch.GetElapsedTime(started);
        await Eventually.IsTrueAsync(AllProgrammedAsync);
        var (seconds, all) = (inSync.TotalSeconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        Measured.Add($"scale, {s_records} records: in sync after {seconds:0.0} s, every object Programmed {all:0.0} s");

        // The number of zone lists depends on the number of restarted rounds, which depends on the speed of the
        // machine.
        var written = _simulator.Requests.Writes.Where(w => w.Status == 201).Select(w => w.Path).ToArray();
        Assert.Equal(s_records, written.Length);
        Assert.Equal(s_records, written.Distinct().Count());
        Assert.All(_simulator.Requests.All, r => Assert.NotEqual(429, r.Status));

        _simulator.Requests.Clear();
        using var answer = await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        answer.EnsureSuccessStatusCode();
        Assert.NotEmpty(_simulator.Requests.All);
        Assert.Empty(_simulator.Requests.Writes);
        var map = await _namespace.Client.GetAsync(
            Resources.ConfigMaps,
            _namespace.Name,
            KubernetesOptions.StateName,
            Cancel
        );
        Assert.Equal(s_records, StateContent.Read(map)!.Records.Count);
        var size = map.Data?.GetValueOrDefault("status")?.Length ?? map.BinaryData!["status.gz"].Length;
        Measured.Add($"scale, the state takes {size / 1024} KiB");
    }

    private async Task<bool> AllProgrammedAsync()
    {
        var list = await _namespace.Client.ListAsync(
            Resources.DynamicRecords,
            _namespace.Name,
            new ListQuery(),
            Cancel
        );
        return list.Items!.All(r =>
            r.Status?.Conditions?.Any(c => c is { Type: "Programmed", Status: "True" }) == true
        );
    }
}
