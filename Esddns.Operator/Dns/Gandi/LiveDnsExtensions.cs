namespace Esddns.Operator.Dns.Gandi;

/// <summary>Puts Gandi LiveDNS behind the provider port.</summary>
internal static class LiveDnsExtensions
{
    /// <summary>Adds the provider.</summary>
    public static IServiceCollection AddLiveDns(this IServiceCollection services, LiveDnsOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<LiveDnsTokens>();
        services.AddSingleton(s => new RequestBudget(options.RequestsPerMinute, s.GetRequiredService<TimeProvider>()));
        services.AddHttpClient<LiveDnsClient>(http =>
            {
                http.Timeout = Timeout.InfiniteTimeSpan;
                http.MaxResponseContentBufferSize = LiveDnsClient.MaxBody;
                http.DefaultRequestHeaders.UserAgent.ParseAdd($"esddns/{typeof(LiveDnsExtensions).Assembly.GetName().Version?.ToString(3)}");
            })
            // A redirect would carry the token to somewhere else.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AutomaticDecompression = System.Net.DecompressionMethods.All,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders(["Authorization"]);
        services.AddHostedService<TokenExpiryWatch>();
        services.AddSingleton<IDnsProvider, LiveDnsProvider>();
        return services;
    }
}
