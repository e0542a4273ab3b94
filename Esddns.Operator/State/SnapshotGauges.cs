using System.Diagnostics.Metrics;
using Esddns.Operator.Dns;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.State;

/// <summary>
/// The gauges. Each scrape reads them from the newest snapshot, so no gauge keeps an outdated value. Only the leader
/// exports series of records; otherwise a cluster would have records times nodes series.
/// </summary>
internal sealed class SnapshotGauges : IDisposable
{
    private readonly Meter _meter;

    public SnapshotGauges(IMeterFactory meters, StateStore state, IStatePersistence keeper, ILeadership leadership)
    {
        RecordStates Records() => leadership.IsLeader ? state.Current.Records : RecordStates.Empty;
        _meter = meters.Create(OperatorTracing.Name + ".State");
        _meter.CreateObservableGauge(
            "esddns_current_wan_ip_info",
            () => Addresses(state.Current),
            description: "The agreed WAN address, as a label: 1 for the current one, 0 for the one before."
        );
        _meter.CreateObservableGauge(
            "esddns_state_in_sync",
            () => ByDomain(Records(), InSync),
            description: "Whether all records of the name are up to date (1) or not (0); records that are "
                + "skipped do not count."
        );
        _meter.CreateObservableGauge(
            "esddns_record_state",
            () => States(Records()),
            description: "The status of a record: 1, with the status as a label."
        );
        _meter.CreateObservableGauge(
            "esddns_record_foreign_values",
            () => ByRecord(Records(), r => r.Foreign.Length),
            description: "Values in the record that are not ours, and are kept."
        );
        _meter.CreateObservableGauge(
            "esddns_record_propagated",
            () => ByRecord(Records(), Propagated),
            description: "Whether all of the zone's name servers answer with the record (1) or not (0); absent "
                + "until they were asked."
        );
        _meter.CreateObservableGauge(
            "esddns_last_dns_update_timestamp",
            () => ByDomain(Records(), LastWritten),
            description: "When a record of the name was last written, in seconds since 1970."
        );
        _meter.CreateObservableGauge(
            "esddns_carrier_grade_nat",
            () => CarrierNat(state.Current),
            description: "Whether an observation shows carrier-grade NAT (1) or not (0)."
        );
        _meter.CreateObservableGauge(
            "esddns_leader",
            () => leadership.IsLeader ? 1 : 0,
            description: "Whether this process may write records (1) or not (0): in a cluster, the leader."
        );
        _meter.CreateObservableGauge(
            "esddns_service_health",
            () => Health(state.Current, keeper),
            description: "Whether a component works (1) or not (0)."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>
    /// Measures the current address as 1 and the previous one as 0. With two readers, a series that one reader
    /// collected stays until the other reader collects. Without the 0, the previous address would still look current
    /// for one scrape.
    /// </summary>
    private static IEnumerable<Measurement<int>> Addresses(Snapshot snapshot) =>
        from wan in snapshot.Wan
        from address in new[] { (Ip: wan.Previous, Value: 0), (Ip: wan.Address, Value: 1) }
        where address.Ip is not null
        select new Measurement<int>(
            address.Value,
            new KeyValuePair<string, object?>("ip_address", address.Ip.ToString())
        );

    private static IEnumerable<Measurement<double>> ByDomain(
        RecordStates records,
        Func<IReadOnlyCollection<RecordState>, double?> value
    ) =>
        from name in records.GroupBy(r => r.Fqdn.ToString())
        let measured = value([.. name])
        where measured is not null
        select new Measurement<double>(measured.Value, new KeyValuePair<string, object?>("domain", name.Key));

    private static double? InSync(IReadOnlyCollection<RecordState> records) => records.All(r => r.InSync) ? 1 : 0;

    private static double? LastWritten(IReadOnlyCollection<RecordState> records) =>
        records.Max(r => r.LastWritten?.ToUnixTimeMilliseconds() / 1000.0);

    private static double? Propagated(RecordState record)
    {
        if (record.Propagation is not { } seen)
            return null;
        return seen.IsDone && seen.Expected.Equals(record.Current) ? 1 : 0;
    }

    private static IEnumerable<Measurement<double>> ByRecord(RecordStates records, Func<RecordState, double?> value) =>
        from record in records
        let measured = value(record)
        where measured is not null
        select new Measurement<double>(measured.Value, Labels(record));

    private static IEnumerable<Measurement<int>> States(RecordStates records) =>
        records.Select(r => new Measurement<int>(1, [.. Labels(r), new("state", r.State.ToString())]));

    private static KeyValuePair<string, object?>[] Labels(RecordState record) =>
        [new("domain", record.Fqdn.ToString()), new("record_type", record.Type.ToString())];

    private static IEnumerable<Measurement<int>> CarrierNat(Snapshot snapshot) =>
        snapshot.Wan.Select(w => new Measurement<int>(
            w.IsBehindCarrierNat ? 1 : 0,
            new KeyValuePair<string, object?>("family", w.Family.ToString())
        ));

    private static Measurement<int>[] Health(Snapshot snapshot, IStatePersistence keeper) =>
        [
            Component("discovery", !snapshot.Wan.IsEmpty && snapshot.Wan.All(w => w.IsKnown)),
            Component(
                "dns_provider",
                snapshot.Records.All(r => r.State is not (SyncStatus.Failed or SyncStatus.Unknown))
            ),
            Component("state", keeper.Problem is null),
        ];

    private static Measurement<int> Component(string name, bool works) =>
        new(works ? 1 : 0, new KeyValuePair<string, object?>("component", name));
}
