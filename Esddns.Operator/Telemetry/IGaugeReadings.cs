using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>The current values of the gauges in <see cref="OperatorGauges"/>, read at each scrape.</summary>
internal interface IGaugeReadings
{
    /// <summary>The addresses, by <c>ip_address</c>.</summary>
    IEnumerable<Measurement<int>> WanAddresses();

    /// <summary>Whether the records are up to date, by <c>domain</c>.</summary>
    IEnumerable<Measurement<double>> InSync();

    /// <summary>The number of records, by <c>state</c>.</summary>
    IEnumerable<Measurement<int>> StatusCounts();

    /// <summary>
    /// 1 for each record that is not up to date, by <c>domain</c>, <c>record_type</c> and <c>state</c>.
    /// </summary>
    IEnumerable<Measurement<int>> RecordStates();

    /// <summary>The number of foreign values of records with any, by <c>domain</c> and <c>record_type</c>.</summary>
    IEnumerable<Measurement<double>> ForeignValues();

    /// <summary>
    /// 0 for each record that name servers do not serve as it is, by <c>domain</c> and <c>record_type</c>.
    /// </summary>
    IEnumerable<Measurement<double>> Propagated();

    /// <summary>The time of the last write in seconds since 1970, by <c>domain</c>.</summary>
    IEnumerable<Measurement<double>> LastWritten();

    /// <summary>Whether carrier-grade NAT was observed, by <c>family</c>.</summary>
    IEnumerable<Measurement<int>> CarrierNat();

    /// <summary>Whether this process may write records.</summary>
    int Leader();

    /// <summary>Whether a component works, by <c>component</c>.</summary>
    IEnumerable<Measurement<int>> Health();
}
