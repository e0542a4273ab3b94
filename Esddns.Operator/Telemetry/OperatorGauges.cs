using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>The gauges of the operator. <see cref="OperatorMetrics"/> has the counters and histograms.</summary>
internal sealed class OperatorGauges : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = OperatorTracing.Name + ".State";

    /// <summary>The gauges with a series for each record.</summary>
    public static readonly string[] OfRecords = ["esddns_state_in_sync", "esddns_last_dns_update_timestamp"];

    /// <summary>
    /// The gauges with series for records that are not well. With few records, the others have series as well.
    /// </summary>
    public static readonly string[] OfFaults =
    [
        "esddns_record_state",
        "esddns_record_foreign_values",
        "esddns_record_propagated",
    ];

    private readonly Meter _meter;

    public OperatorGauges(IMeterFactory meters, IGaugeReadings readings)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge(
            "esddns_current_wan_ip_info",
            readings.WanAddresses,
            description: "The agreed WAN address, as a label: 1 for the current one, 0 for the one before."
        );
        _meter.CreateObservableGauge(
            "esddns_state_in_sync",
            readings.InSync,
            description: "Whether all records of the name are up to date (1) or not (0); records that are "
                + "skipped do not count."
        );
        _meter.CreateObservableGauge(
            "esddns_records",
            readings.StatusCounts,
            description: "The number of records with this status."
        );
        _meter.CreateObservableGauge(
            "esddns_record_state",
            readings.RecordStates,
            description: "The status of a record: 1, with the status as a label."
        );
        _meter.CreateObservableGauge(
            "esddns_record_foreign_values",
            readings.ForeignValues,
            description: "Values in the record that are not ours, and are kept."
        );
        _meter.CreateObservableGauge(
            "esddns_record_propagated",
            readings.Propagated,
            description: "Whether all of the zone's name servers answer with the record (1) or not (0); absent "
                + "until they were asked."
        );
        _meter.CreateObservableGauge(
            "esddns_last_dns_update_timestamp",
            readings.LastWritten,
            description: "When a record of the name was last written, in seconds since 1970."
        );
        _meter.CreateObservableGauge(
            "esddns_carrier_grade_nat",
            readings.CarrierNat,
            description: "Whether an observation shows carrier-grade NAT (1) or not (0)."
        );
        _meter.CreateObservableGauge(
            "esddns_leader",
            readings.Leader,
            description: "Whether this process may write records (1) or not (0): in a cluster, the leader."
        );
        _meter.CreateObservableGauge(
            "esddns_service_health",
            readings.Health,
            description: "Whether a component works (1) or not (0)."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
