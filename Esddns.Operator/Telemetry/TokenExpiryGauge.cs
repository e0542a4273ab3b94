using System.Diagnostics.Metrics;

namespace Esddns.Operator.Telemetry;

/// <summary>The gauge of a token whose expiry is configured.</summary>
internal sealed class TokenExpiryGauge : IDisposable
{
    private readonly Meter _meter;

    public TokenExpiryGauge(IMeterFactory meters, DateTimeOffset expires)
    {
        _meter = meters.Create(OperatorGauges.MeterName);
        _meter.CreateObservableGauge(
            "esddns_token_expiry_timestamp",
            () => (double)expires.ToUnixTimeSeconds(),
            "s",
            "When the token expires, in seconds since 1970, as declared."
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
