using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.State;

/// <summary>The gauges of a snapshot.</summary>
public sealed class SnapshotReadingsTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly AddressSet s_ours = AddressSet.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly RecordState s_good = new(Fqdn.Parse("home.example.com"), RecordType.A)
    {
        Outcome = RecordOutcome.Noop,
        Current = s_ours,
        Ours = s_ours,
        LastWritten = s_at,
        Propagation = new Propagation(s_at, s_ours, true, []),
    };

    private static readonly RecordState s_bad = new(Fqdn.Parse("home.example.com"), RecordType.AAAA)
    {
        Outcome = RecordOutcome.Failed,
        LastError = new RecordError(s_at, "x", "x"),
        LastWritten = s_at.AddSeconds(1.5),
    };

    /// <summary>A record with each of the gauges.</summary>
    private static readonly RecordState s_faulty = s_bad with
    {
        Current = AddressSet.Of(IPAddress.Parse("192.0.2.9")),
        Ours = s_ours,
        Propagation = new Propagation(s_at, s_ours, false, []),
    };

    private readonly FakePersistence _persistence = new();
    private readonly FakeLeadership _leadership = new();

    [Fact]
    public void WanAddresses_HaveOneSeriesForEachFamily()
    {
        var wan = new WanState(IpFamily.IPv4)
        {
            Address = IPAddress.Parse("192.0.2.1"),
            Previous = IPAddress.Parse("192.0.2.2"),
        };
        Assert.Equal(["IPv4 192.0.2.1 1"], Scrape("esddns_current_wan_ip_info", Snapshot.Empty with { Wan = [wan] }));
        Assert.Empty(Scrape("esddns_current_wan_ip_info", Snapshot.Empty with { Wan = [new WanState(IpFamily.IPv4)] }));
    }

    [Fact]
    public void Domain_IsInSync_IfAllItsRecordsAre()
    {
        Assert.Equal(["home.example.com 1"], Scrape("esddns_state_in_sync", With(s_good)));
        Assert.Equal(["home.example.com 0"], Scrape("esddns_state_in_sync", With(s_good, s_bad)));
        Assert.Equal(
            ["home.example.com 1800000001.5"],
            Scrape("esddns_last_dns_update_timestamp", With(s_good, s_bad))
        );
        Assert.Empty(Scrape("esddns_last_dns_update_timestamp", With(s_good with { LastWritten = null })));
    }

    [Fact]
    public void Record_HasItsStatusAsALabel()
    {
        Assert.Equal(
            ["home.example.com A UpToDate 1", "home.example.com AAAA Failed 1"],
            Scrape("esddns_record_state", With(s_bad, s_good))
        );
        Assert.Equal(
            ["Failed 1", "LeftAlone 0", "Pending 0", "Skipped 0", "Unknown 0", "UpToDate 1"],
            Scrape("esddns_records", With(s_bad, s_good))
        );
    }

    [Theory]
    [InlineData("esddns_state_in_sync")]
    [InlineData("esddns_records")]
    [InlineData("esddns_record_state")]
    [InlineData("esddns_record_foreign_values")]
    [InlineData("esddns_record_propagated")]
    [InlineData("esddns_record_error")]
    [InlineData("esddns_last_dns_update_timestamp")]
    public void RecordGauges_ExistOnlyAtTheLeader(string name)
    {
        Assert.NotEmpty(Scrape(name, With(s_faulty)));
        Assert.Equal([" 1"], Scrape("esddns_leader", With(s_good)));
        _leadership.IsLeader = false;
        Assert.Empty(Scrape(name, With(s_faulty)));
        Assert.Equal([" 0"], Scrape("esddns_leader", With(s_good)));
    }

    [Fact]
    public void Record_ReportsForeignValuesAndPropagation()
    {
        var foreign = s_good with { Current = s_ours.With(AddressSet.Of(IPAddress.Parse("192.0.2.9"))) };
        Assert.Equal(["home.example.com A 1"], Scrape("esddns_record_foreign_values", With(foreign)));
        Assert.Equal(["home.example.com A 0"], Scrape("esddns_record_foreign_values", With(s_good)));
        Assert.Equal(["home.example.com A 1"], Scrape("esddns_record_propagated", With(s_good)));
        // The propagation result is for earlier values, not for the current ones.
        Assert.Equal(["home.example.com A 0"], Scrape("esddns_record_propagated", With(foreign)));
        var open = s_good with { Propagation = s_good.Propagation! with { IsDone = false } };
        Assert.Equal(["home.example.com A 0"], Scrape("esddns_record_propagated", With(open)));
        Assert.Empty(Scrape("esddns_record_propagated", With(s_bad)));
    }

    [Theory]
    [InlineData("esddns_record_state")]
    [InlineData("esddns_record_foreign_values")]
    [InlineData("esddns_record_propagated")]
    public void ManyRecords_HaveSeriesOnlyForWhatIsNotWell(string name)
    {
        var many = Enumerable
            .Range(0, SnapshotReadings.MaxUnremarkable - 1)
            .Select(i => s_good with { Fqdn = Fqdn.Parse($"host{i}.example.com") });
        RecordState[] records = [.. many, s_faulty];
        Assert.Equal(SnapshotReadings.MaxUnremarkable, Scrape(name, With(records)).Length);
        RecordState[] more = [.. records, s_good with { Fqdn = Fqdn.Parse("one-more.example.com") }];
        Assert.StartsWith(s_faulty.Fqdn.ToString(), Assert.Single(Scrape(name, With(more))), StringComparison.Ordinal);
    }

    [Fact]
    public void CarrierGradeNat_IsReportedByFamily() =>
        Assert.Equal(
            ["IPv4 1", "IPv6 0"],
            Scrape(
                "esddns_carrier_grade_nat",
                Snapshot.Empty with
                {
                    Wan = [new WanState(IpFamily.IPv4) { IsBehindCarrierNat = true }, new WanState(IpFamily.IPv6)],
                }
            )
        );

    [Fact]
    public void Health_IsReportedByComponent()
    {
        var known = new WanState(IpFamily.IPv4) { Verdict = VerdictKind.Agreed };
        var unknown = new WanState(IpFamily.IPv6) { Verdict = VerdictKind.Insufficient };
        Assert.Equal(["discovery 0", "dns_provider 1", "state 1"], Health(Snapshot.Empty));
        Assert.Equal(["discovery 1", "dns_provider 1", "state 1"], Health(With(s_good) with { Wan = [known] }));
        Assert.Equal(
            ["discovery 0", "dns_provider 0", "state 1"],
            Health(With(s_good, s_bad) with { Wan = [known, unknown] })
        );
        var sent = s_good with { Sent = new SentWrite(null, "x") };
        Assert.Equal(["discovery 1", "dns_provider 0", "state 1"], Health(With(sent) with { Wan = [known] }));
        _persistence.Problem = "full";
        Assert.Equal(["discovery 1", "dns_provider 1", "state 0"], Health(With(s_good) with { Wan = [known] }));

        string[] Health(Snapshot snapshot) => Scrape("esddns_service_health", snapshot);
    }

    private static Snapshot With(params RecordState[] records) =>
        Snapshot.Empty with
        {
            Records = RecordStates.Of(records),
        };

    /// <summary>The series of one gauge, each with its label values and its value.</summary>
    private string[] Scrape(string name, Snapshot snapshot)
    {
        var state = new StateStore(_persistence, TimeProvider.System);
        state.Update(_ => snapshot);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var gauges = new OperatorGauges(factory, new SnapshotReadings(state, _persistence, _leadership));
        var series = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Name == name && i.Meter.Scope == factory)
                    l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => series.Add(Series(tags, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. series];
    }

    private static string Series(ReadOnlySpan<KeyValuePair<string, object?>> tags, double value) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{string.Join(' ', tags.ToArray().Select(t => t.Value))} {value}"
        );

    private sealed class FakeLeadership : ILeadership
    {
        public bool IsLeader { get; set; } = true;

        public CancellationToken LeadershipLost => CancellationToken.None;
    }

    private sealed class FakePersistence : IStatePersistence
    {
        public string? Problem { get; set; }

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
