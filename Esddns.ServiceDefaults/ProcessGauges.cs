using System.Diagnostics.Metrics;
using System.Reflection;

namespace Esddns.Telemetry;

/// <summary>The version of the program, and when it started.</summary>
internal sealed class ProcessGauges : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Esddns.Process";

    private readonly Meter _meter;

    public ProcessGauges(IMeterFactory meters)
    {
        // The version is "0.1.0+<commit>".
        var version = typeof(ProcessGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        var parts = (version?.InformationalVersion ?? "").Split('+', 2);
        var started = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge(
            "esddns_build_info",
            () =>
                new Measurement<double>(
                    1,
                    new KeyValuePair<string, object?>("version", parts[0]),
                    new KeyValuePair<string, object?>("revision", parts.Length > 1 ? parts[1] : "")
                ),
            description: "The version of the program, as a label; always 1."
        );
        _meter.CreateObservableGauge(
            "process_start_time",
            () => started,
            "s",
            "When the program started, in seconds since 1970."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
