using System.Diagnostics.Metrics;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.State;

/// <summary>What is, read from the newest snapshot at each scrape: a gauge cannot be forgotten in a state that is over.</summary>
internal sealed class SnapshotGauges : IDisposable
{
    private readonly Meter _meter;

    public SnapshotGauges(IMeterFactory meters, StateStore state, IStateKeeper keeper)
    {
        _meter = meters.Create(OperatorTracing.Name + ".State");
        _meter.CreateObservableGauge("esddns_current_wan_ip_info", () => Addresses(state.Current), description: "The agreed WAN address, as a label: 1 for the current one, 0 for the one before.");
        _meter.CreateObservableGauge("esddns_state_in_sync", () => ByDomain(state.Current, rs => rs.All(r => r.InSync) ? 1 : 0),
            description: "Whether the records of the name hold the agreed address (1) or not (0).");
        _meter.CreateObservableGauge("esddns_last_dns_update_timestamp", () => ByDomain(state.Current, rs => rs.Max(r => r.LastUpdate?.ToUnixTimeMilliseconds() / 1000.0)),
            description: "When a record of the name was last written, in seconds since 1970.");
        _meter.CreateObservableGauge("esddns_carrier_grade_nat", () => CarrierNat(state.Current),
            description: "Whether something shows that the host is behind carrier-grade NAT (1) or not (0).");
        _meter.CreateObservableGauge("esddns_service_health", () => Health(state.Current, keeper),
            description: "Whether a component works (1) or not (0).");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>
    /// With two readers, a series that one of them collected lives on until the other one does: without its 0, the address
    /// before would for one scrape still claim to be the current one.
    /// </summary>
    private static IEnumerable<Measurement<int>> Addresses(Snapshot snapshot) =>
        from wan in snapshot.Wan
        from address in new[] { (Ip: wan.Previous, Value: 0), (Ip: wan.Address, Value: 1) }
        where address.Ip is not null
        select new Measurement<int>(address.Value, new KeyValuePair<string, object?>("ip_address", address.Ip.ToString()));

    private static IEnumerable<Measurement<double>> ByDomain(Snapshot snapshot, Func<IReadOnlyCollection<RecordState>, double?> value) =>
        from name in snapshot.Records.GroupBy(r => r.Fqdn)
        let measured = value([.. name])
        where measured is not null
        select new Measurement<double>(measured.Value, new KeyValuePair<string, object?>("domain", name.Key));

    private static IEnumerable<Measurement<int>> CarrierNat(Snapshot snapshot) => snapshot.Wan.Select(w =>
        new Measurement<int>(
            w.IsBehindCarrierNat ? 1 : 0, new KeyValuePair<string, object?>("family", w.Family.ToString())));

    private static Measurement<int>[] Health(Snapshot snapshot, IStateKeeper keeper) =>
    [
        Component("discovery", !snapshot.Wan.IsEmpty && snapshot.Wan.All(w => w.IsKnown)),
        Component("dns_provider", snapshot.Records.All(r => r.Outcome != RecordOutcome.Failed)),
        Component("state", keeper.Problem is null),
    ];

    private static Measurement<int> Component(string name, bool works) => new(works ? 1 : 0, new KeyValuePair<string, object?>("component", name));
}
