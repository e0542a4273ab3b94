using System.Text.RegularExpressions;
using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Esddns.Simulator;
using Esddns.Telemetry;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>The number of metric series. Series for each record must not exist once for each node as well.</summary>
public sealed partial class SeriesTests : IAsyncLifetime
{
    private const int MostPerRecord = 15;
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Leader_HasFewSeriesPerRecord()
    {
        var one = (await SeriesAsync(1)).Length;
        var ten = (await SeriesAsync(10)).Length;
        Measured.Add($"metrics: {(ten - one) / 9.0:0.0} series for each record, {one} with one record");
        Assert.InRange((ten - one) / 9.0, 1, MostPerRecord);
    }

    [Fact]
    public async Task Observer_HasNoRecordSeries()
    {
        var leadership = new FakeLeadership { IsLeader = true };
        await using var run = await StartAsync(1, leadership);
        Assert.Contains("esddns_leader{} 1", await SeriesAsync(run));
        leadership.IsLeader = false;
        var series = await SeriesAsync(run);
        Assert.Contains("esddns_leader{} 0", series);
        // Counters stay after a record is removed, so their sums have no gaps.
        var ofRecords = series.Where(s => s.Contains("domain=", StringComparison.Ordinal));
        Assert.All(ofRecords, s => Assert.Matches(Counted(), s));
        Assert.Contains("esddns_service_health{component=\"state\"} 1", series);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThreeThousandRecords_NeedLessThan700Kilobytes(bool allFail)
    {
        await using var run = await StartAsync(1, new FakeLeadership { IsLeader = true }, LimitOf(3000));
        AddRecords(run, 3000, r => allFail ? r with { Outcome = RecordOutcome.Failed, Unparsed = ["foreign"] } : r);
        var metrics = run.Services.GetRequiredService<OperatorMetrics>();
        foreach (var record in run.Snapshot.Records)
        {
            metrics.Updated(record.Fqdn.ToString(), "A", TimeSpan.FromSeconds(1));
            if (allFail)
                metrics.UpdateFailed(record.Fqdn.ToString(), "A", "rate_limited");
        }

        var size = (await SeriesAsync(run)).Sum(s => s.Length + 1);
        Measured.Add($"metrics: {size / 1000} kB with 3,000 records{(allFail ? " that fail" : "")}");
        Assert.InRange(size, 300_000, 700_000);
    }

    /// <summary>
    /// The default limit of the SDK is 2,000 series for each instrument. It merges all further series into one.
    /// </summary>
    [Fact]
    public async Task ThousandsOfRecords_AllHaveSeries()
    {
        const int Many = 10_000;
        await using var run = await StartAsync(1, new FakeLeadership { IsLeader = true }, LimitOf(Many));
        AddRecords(run, Many, r => r);
        var series = await SeriesAsync(run);
        Assert.DoesNotContain(series, s => s.Contains("overflow", StringComparison.Ordinal));
        Assert.Equal(Many, series.Count(s => s.StartsWith("esddns_state_in_sync{", StringComparison.Ordinal)));
    }

    private static ManySeries LimitOf(int records) =>
        new(
            OperatorGauges
                .OfRecords.Select(name => (name, records))
                .Concat(OperatorGauges.OfFaults.Select(name => (name, records)))
                .Concat(OperatorGauges.OfServers.Select(name => (name, records)))
                .Concat(OperatorMetrics.MaxSeries.Select(m => (m.Key, m.Value)))
                .ToDictionary()
        );

    private static void AddRecords(OperatorRun run, int number, Func<RecordState, RecordState> change) =>
        run
            .Services.GetRequiredService<StateStore>()
            .Update(s =>
                s with
                {
                    Records = RecordStates.Of(
                        Enumerable
                            .Range(0, number)
                            .Select(i => change(s.Records[0] with { Fqdn = Fqdn.Parse($"host-{i}.example.com", null) }))
                    ),
                }
            );

    private async Task<string[]> SeriesAsync(int records)
    {
        await using var run = await StartAsync(records, new FakeLeadership { IsLeader = true });
        return await SeriesAsync(run);
    }

    private static async Task<string[]> SeriesAsync(OperatorRun run)
    {
        var text = await run.Http.GetStringAsync(
            new Uri("/metrics", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        return [.. text.Split('\n').Where(l => l.StartsWith("esddns_", StringComparison.Ordinal))];
    }

    private async Task<OperatorRun> StartAsync(int records, FakeLeadership leadership, ManySeries? limit = null)
    {
        // Each run writes its own records.
        var run = await OperatorRun.StartAsync(
            _simulator,
            settings =>
            {
                for (var i = 0; i < records; i++)
                {
                    settings[$"Esddns:Records:{i}:Zone"] = "example.com";
                    settings[$"Esddns:Records:{i}:Name"] = $"{i}-of-{records}";
                }
            },
            services =>
            {
                services.AddSingleton<ILeadership>(leadership);
                if (limit is not null)
                    services.AddSingleton(limit);
            }
        );
        await Eventually.IsTrueAsync(() =>
            run.Snapshot.Records.Count(r => r.InSync && r.Propagation is { IsDone: true }) == records
        );
        return run;
    }

    private sealed class FakeLeadership : ILeadership
    {
        public bool IsLeader { get; set; }

        public CancellationToken LeadershipLost => CancellationToken.None;
    }

    [GeneratedRegex("^esddns_dns_update(s_total|_duration_seconds)")]
    private static partial Regex Counted();
}
