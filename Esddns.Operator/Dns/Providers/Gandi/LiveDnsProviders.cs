using System.Collections.Concurrent;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// LiveDNS with the token of the configuration or a named token. All share one rate limit, because LiveDNS counts
/// requests per IP address.
/// </summary>
internal sealed class LiveDnsProviders(
    HttpClient http,
    LiveDnsOptions options,
    RequestRateLimiter limiter,
    ILeadership leadership,
    OperatorMetrics metrics,
    TimeProvider time,
    ITokenStore? store = null
) : IDnsProviders, IDisposable
{
    private readonly ConcurrentDictionary<string, LiveDnsProvider> _named = new();
    private readonly LiveDnsProvider _configured = new LiveDnsProvider(
        new LiveDnsClient(http, options, LiveDnsTokens.Of(options, store), limiter, leadership, metrics, time)
    );

    /// <inheritdoc/>
    public bool HasNamed => store is not null;

    /// <inheritdoc/>
    public IDnsProvider With(string? credentials) =>
        credentials is null
            ? _configured
            : _named.GetOrAdd(
                credentials,
                name => new LiveDnsProvider(
                    new LiveDnsClient(
                        http,
                        options,
                        LiveDnsTokens.Of(
                            options,
                            store ?? throw new NotSupportedException($"No token store is available for {name}."),
                            name
                        ),
                        limiter,
                        leadership,
                        metrics,
                        time
                    )
                )
            );

    /// <inheritdoc/>
    public void Dispose()
    {
        _configured.Dispose();
        foreach (var provider in _named.Values)
            provider.Dispose();
    }
}
