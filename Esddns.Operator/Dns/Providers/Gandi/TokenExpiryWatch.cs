using System.Diagnostics.Metrics;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Logs a warning 30, 7 and 1 days before the configured expiry of the token, once each. A personal access token is
/// valid for at most a year and cannot be renewed. The API does not report its expiry.
/// </summary>
internal sealed class TokenExpiryWatch : IHostedService, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);
    private readonly DateTimeOffset? _expires;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenExpiryWatch> _logger;
    private readonly TokenExpiryGauge? _gauge;
    private ITimer? _timer;
    private int? _warned;

    public TokenExpiryWatch(
        LiveDnsOptions options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<TokenExpiryWatch> logger
    )
    {
        (_expires, _time, _logger) = (options.TokenExpires, time, logger);
        if (_expires is { } expires)
            _gauge = new TokenExpiryGauge(meters, expires);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_expires is not null)
            _timer = _time.CreateTimer(_ => CheckExpiry(), null, TimeSpan.Zero, s_interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _gauge?.Dispose();
    }

    /// <summary>Logs a warning when one is due.</summary>
    public void CheckExpiry()
    {
        if (_expires is not { } expires)
            return;
        var left = expires - _time.GetUtcNow();
        var step = new TokenExpiry(expires, "").StepAt(_time.GetUtcNow());
        if (step is null || step >= _warned)
            return;
        if (left > TimeSpan.Zero)
            _logger.TokenExpires(expires, left.TotalDays);
        else
            _logger.TokenExpired(expires);
        _warned = step;
    }
}
