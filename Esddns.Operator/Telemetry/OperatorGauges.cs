using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>The gauges of the operator. <see cref="OperatorMetrics"/> has the counters and histograms.</summary>
internal sealed class OperatorGauges : IGauges, IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = OperatorTracing.Name + ".State";

    /// <summary>The gauges with a series for each name.</summary>
    public static readonly string[] OfRecords = ["esddns_state_in_sync", "esddns_last_dns_update_timestamp"];

    /// <summary>
    /// The gauges with a series for each record and state or fault. With many records, only records that are not well
    /// have series.
    /// </summary>
    public static readonly string[] OfFaults =
    [
        "esddns_record_state",
        "esddns_record_error",
        "esddns_record_foreign_values",
        "esddns_record_propagated",
    ];

    /// <summary>The gauges with one series for each record, or for each record that is not well.</summary>
    public static readonly string[] OfServers =
    [
        "esddns_record_name_servers_asked",
        "esddns_record_name_servers_correct",
        "esddns_record_foreign_edit_timestamp",
    ];

    private readonly Meter _meter;

    public OperatorGauges(IMeterFactory meters, IGaugeReadings readings)
    {
        _meter = meters.Create(MeterName);
        Gauge("esddns_current_wan_ip_info", readings.WanAddresses, "The agreed WAN address, as a label; always 1.");
        Gauge(
            "esddns_wan_known",
            readings.WanKnown,
            "Whether the last round found the WAN address or its certain absence (1) or not (0)."
        );
        Gauge(
            "esddns_wan_since_timestamp",
            readings.WanSince,
            "When the current WAN address was first agreed, in seconds since 1970.",
            "s"
        );
        Gauge("esddns_wan_votes", readings.Votes, "The number of sources in the last round, by their vote.");
        Gauge(
            "esddns_carrier_grade_nat",
            readings.CarrierNat,
            "Whether an observation shows carrier-grade NAT (1) or not (0)."
        );
        Gauge(
            "esddns_state_in_sync",
            readings.InSync,
            "Whether all records of the name are up to date or skipped (1) or not (0)."
        );
        Gauge("esddns_records", readings.StatusCounts, "The number of records with this status.");
        Gauge("esddns_record_state", readings.RecordStates, "The status of a record, as a label; always 1.");
        Gauge(
            "esddns_record_error",
            readings.RecordErrors,
            "The fault of a record whose last attempt failed, as a label; always 1."
        );
        Gauge(
            "esddns_record_foreign_values",
            readings.ForeignValues,
            "Values in the record that are not ours, and are kept."
        );
        Gauge(
            "esddns_record_foreign_edit_timestamp",
            readings.ForeignEdits,
            "When another client last changed the record, in seconds since 1970; absent without such a change.",
            "s"
        );
        Gauge(
            "esddns_record_propagated",
            readings.Propagated,
            "Whether all of the zone's name servers serve the record (1) or not (0); absent until they were asked."
        );
        Gauge(
            "esddns_record_name_servers_asked",
            readings.NameServersAsked,
            "The number of the zone's name servers that were asked for the record."
        );
        Gauge(
            "esddns_record_name_servers_correct",
            readings.NameServersCorrect,
            "The number of the zone's name servers that serve the record as it is stored."
        );
        Gauge(
            "esddns_last_dns_update_timestamp",
            readings.LastWritten,
            "When a record of the name was last written, in seconds since 1970."
        );
        Gauge(
            "esddns_oldest_verified_timestamp",
            readings.OldestVerified,
            "When the records that are up to date were last confirmed, in seconds since 1970: the oldest of them.",
            "s"
        );
        Gauge("esddns_leader", readings.Leader, "Whether this process may write records (1) or not (0).");
        Gauge(
            "esddns_leader_term",
            readings.Term,
            "The number of the term of the Lease, while this process holds it; absent otherwise."
        );
        Gauge("esddns_service_health", readings.Health, "Whether a component works (1) or not (0).");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(
        string name,
        Func<IEnumerable<Measurement<double>>> readings,
        string description,
        string? unit = null
    ) => _meter.CreateObservableGauge(name, readings, unit, description);

    private void Gauge(string name, Func<double> reading, string description) =>
        _meter.CreateObservableGauge(name, reading, description: description);
}
