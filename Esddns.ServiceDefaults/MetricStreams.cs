using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Esddns.Telemetry;

/// <summary>Chooses the instruments to export, and the limit of their series.</summary>
public static class MetricStreams
{
    /// <summary>
    /// The series limit of an instrument without a series for each record. The default of the SDK is 2,000, and it
    /// reserves memory for all of them.
    /// </summary>
    public const int FewSeries = 250;

    /// <summary>
    /// The view of all instruments. It drops the meters of other hosts in this process: a meter listener receives the
    /// meters of all hosts. It keeps the data of a stopped host in memory until the next scrape, which may never
    /// happen.
    /// </summary>
    public static Func<Instrument, MetricStreamConfiguration> Of(IMeterFactory meters, ManySeries? many)
    {
        var few = new MetricStreamConfiguration { CardinalityLimit = FewSeries };
        return instrument =>
        {
            if (IsReserved(instrument.Name) || instrument.Meter.Scope is IMeterFactory other && other != meters)
                return MetricStreamConfiguration.Drop;
            return many?.Limits.TryGetValue(instrument.Name, out var limit) == true
                ? new MetricStreamConfiguration { CardinalityLimit = limit }
                : few;
        };
    }

    /// <summary>
    /// Whether Prometheus reserves the name: the suffix _count belongs to histograms and summaries.
    /// </summary>
    private static bool IsReserved(string instrument) =>
        instrument.StartsWith("dotnet.", StringComparison.Ordinal)
        && instrument.EndsWith(".count", StringComparison.Ordinal);
}
