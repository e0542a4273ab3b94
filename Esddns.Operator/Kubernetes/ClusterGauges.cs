using System.Diagnostics.Metrics;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Kubernetes;

/// <summary>The gauges of the cluster. A follower has the watch of the published state only.</summary>
internal sealed class ClusterGauges : IGauges, IDisposable
{
    private readonly Meter _meter;

    public ClusterGauges(
        IMeterFactory meters,
        StateAnnotations published,
        LeaderInformers informers,
        NodeReportReader reports
    )
    {
        _meter = meters.Create(OperatorGauges.MeterName);
        _meter.CreateObservableGauge(
            "esddns_watch_lost",
            () =>
            {
                var lost = new List<Measurement<double>>();
                Add("State", published.IsLost);
                informers.EachWatch(Add);
                return lost;

                void Add(string kind, bool isLost) => lost.Add(Of(isLost ? 1 : 0, "kind", kind));
            },
            description: "Whether the API server does not answer the watch of this kind (1) or does (0)."
        );
        _meter.CreateObservableGauge(
            "esddns_node_reports",
            () =>
                reports.Counts() is var (current, expired)
                    ? [Of(current, "state", "current"), Of(expired, "state", "expired")]
                    : Array.Empty<Measurement<double>>(),
            description: "The number of nodes whose report is current, or has expired."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Of(double value, string label, string text) =>
        new(value, new KeyValuePair<string, object?>(label, text));
}
