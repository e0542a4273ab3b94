using System.Diagnostics.Metrics;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Addresses;

/// <summary>The gauge of a change that no record follows yet. A histogram shows a change only after its end.</summary>
internal sealed class ConvergenceGauge : IGauges, IDisposable
{
    private readonly Meter _meter;

    public ConvergenceGauge(IMeterFactory meters, ConvergenceClock convergence, ILeadership leadership)
    {
        _meter = meters.Create(OperatorGauges.MeterName);
        _meter.CreateObservableGauge(
            "esddns_convergence_pending",
            () => leadership.IsLeader ? [Of(IpFamily.IPv4), Of(IpFamily.IPv6)] : Array.Empty<Measurement<double>>(),
            "s",
            "Time since a source first reported another address than the records have; 0 when none does."
        );

        Measurement<double> Of(IpFamily family) =>
            new(
                convergence.Pending(family).TotalSeconds,
                new KeyValuePair<string, object?>("family", family.ToString())
            );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
