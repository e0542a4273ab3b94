using System.Diagnostics.Metrics;
using Esddns.Web.Events;
using Esddns.Web.Status;

namespace Esddns.Web.Telemetry;

/// <summary>The gauges of the web service.</summary>
internal sealed class WebGauges : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Esddns.Web";

    private readonly Meter _meter;

    public WebGauges(IMeterFactory meters, StatusCache cache, EventStreams streams)
    {
        _meter = meters.Create(MeterName);
        var component = new KeyValuePair<string, object?>("component", "operator");
        _meter.CreateObservableGauge(
            "esddns_service_health",
            () => new Measurement<int>(cache.OperatorAnswers ? 1 : 0, component),
            description: "Whether a component works (1) or not (0)."
        );
        _meter.CreateObservableGauge(
            "esddns_status_age",
            () =>
                cache.Now.Age is { } age
                    ? [new Measurement<double>(age.TotalSeconds, component)]
                    : Array.Empty<Measurement<double>>(),
            "s",
            "How long ago the operator last confirmed the state that the page shows."
        );
        _meter.CreateObservableGauge(
            "esddns_event_streams",
            () => streams.Count,
            description: "The number of open event streams."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
