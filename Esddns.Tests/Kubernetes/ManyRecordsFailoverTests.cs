using System.Diagnostics;
using System.Net;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// The leader is killed while it writes many records, which the state of a ConfigMap alone may not have space for.
/// ESDDNS_FAILOVER_RECORDS sets the number of records, ESDDNS_FAILOVERS four times that of the kills.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ManyRecordsFailoverTests(KubeApi api) : IAsyncLifetime
{
    private static readonly int s_records = ManyRecords.Number("ESDDNS_FAILOVER_RECORDS", otherwise: 60);
    private FailoverBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await FailoverBench.NewAsync(api);
        ManyRecords.AddZones(_bench.Simulator);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    /// <summary>
    /// A value whose ownership was lost would stay as a foreign value beside the newest one.
    /// </summary>
    [Fact]
    public async Task LeaderKilledBetweenWrites_EachRecordHoldsTheNewestValueOnly()
    {
        var random = new Random(FailoverBench.Seed);
        await ManyRecords.CreateAsync(_bench.Namespace, s_records, TestContext.Current.CancellationToken);
        await _bench.StartAsync();
        await AllFollowAsync();
        for (var i = 0; i < FailoverBench.HeldFailovers; i++)
        {
            var leader = await _bench.LeaderAsync();
            var address = Change(i);
            await _bench.SyncAsync(leader);
            var writes = random.Next(1, Math.Min(s_records, 900));
            await FollowAsync(() => ManyRecords.With(_bench.Simulator, s_records, address), writes);
            await _bench.KillAsync(leader);
            _bench.Start(leader);
        }

        Change(FailoverBench.HeldFailovers);
        var began = Stopwatch.GetTimestamp();
        await AllFollowAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var kills = FailoverBench.HeldFailovers;
        Measured.Add($"failover, {s_records} records, {kills} kills between writes: all right {took:0.0} s after");
        _bench.CheckWriters();
    }

    private string Change(int i)
    {
        var address = new IPAddress([198, 51, 100, (byte)((i % 200) + 1)]);
        _bench.Simulator.Wan.IPv4 = address;
        return address.ToString();
    }

    private Task AllFollowAsync() => FollowAsync(Following, s_records);

    private static async Task FollowAsync(Func<int> count, int goal)
    {
        // Each wait ends with some progress: a limit for all of it would limit the number of records.
        for (var done = count(); done < goal; done = count())
            await Eventually.IsTrueAsync(() => count() != done);
    }

    private int Following() => ManyRecords.With(_bench.Simulator, s_records, _bench.Simulator.Wan.IPv4!.ToString());
}
