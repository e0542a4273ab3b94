using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>The current values of the gauges in <see cref="OperatorGauges"/>, read at each scrape.</summary>
internal interface IGaugeReadings
{
    /// <summary>1 for the agreed address, by <c>family</c> and <c>ip_address</c>.</summary>
    IEnumerable<Measurement<double>> WanAddresses();

    /// <summary>Whether the last round found the address or its absence, by <c>family</c>.</summary>
    IEnumerable<Measurement<double>> WanKnown();

    /// <summary>When the agreed address was first agreed in seconds since 1970, by <c>family</c>.</summary>
    IEnumerable<Measurement<double>> WanSince();

    /// <summary>The number of sources, by <c>family</c> and <c>vote</c>.</summary>
    IEnumerable<Measurement<double>> Votes();

    /// <summary>Whether carrier-grade NAT was observed, by <c>family</c>.</summary>
    IEnumerable<Measurement<double>> CarrierNat();

    /// <summary>Whether the records are up to date, by <c>domain</c>.</summary>
    IEnumerable<Measurement<double>> InSync();

    /// <summary>The number of records, by <c>state</c>.</summary>
    IEnumerable<Measurement<double>> StatusCounts();

    /// <summary>
    /// 1 for each record that is not up to date, by <c>domain</c>, <c>record_type</c> and <c>state</c>.
    /// </summary>
    IEnumerable<Measurement<double>> RecordStates();

    /// <summary>1 for each failed record, by <c>domain</c>, <c>record_type</c> and <c>error_type</c>.</summary>
    IEnumerable<Measurement<double>> RecordErrors();

    /// <summary>The number of foreign values of records with any, by <c>domain</c> and <c>record_type</c>.</summary>
    IEnumerable<Measurement<double>> ForeignValues();

    /// <summary>
    /// The time of the last change by another client in seconds since 1970, by <c>domain</c> and <c>record_type</c>.
    /// </summary>
    IEnumerable<Measurement<double>> ForeignEdits();

    /// <summary>
    /// 0 for each record that name servers do not serve as it is, by <c>domain</c> and <c>record_type</c>.
    /// </summary>
    IEnumerable<Measurement<double>> Propagated();

    /// <summary>The number of name servers that were asked, by <c>domain</c> and <c>record_type</c>.</summary>
    IEnumerable<Measurement<double>> NameServersAsked();

    /// <summary>The number of them that serve the record as it is, by <c>domain</c> and <c>record_type</c>.</summary>
    IEnumerable<Measurement<double>> NameServersCorrect();

    /// <summary>The time of the last write in seconds since 1970, by <c>domain</c>.</summary>
    IEnumerable<Measurement<double>> LastWritten();

    /// <summary>The oldest last confirmation of a record that is up to date, in seconds since 1970.</summary>
    IEnumerable<Measurement<double>> OldestVerified();

    /// <summary>Whether this process may write records.</summary>
    double Leader();

    /// <summary>The number of the term, while this process holds the Lease.</summary>
    IEnumerable<Measurement<double>> Term();

    /// <summary>Whether a component works, by <c>component</c>.</summary>
    IEnumerable<Measurement<double>> Health();
}
