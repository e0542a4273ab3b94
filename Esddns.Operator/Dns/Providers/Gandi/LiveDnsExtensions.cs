using Esddns.Operator.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>Puts Gandi LiveDNS behind the provider port.</summary>
internal static class LiveDnsExtensions
{
    /// <summary>Adds the provider.</summary>
    public static IServiceCollection AddLiveDns(this IServiceCollection services, LiveDnsOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(LiveDnsOptions.Ttls);
        services.TryAddSingleton<ILeadership, AlwaysLeader>();
        services.AddSingleton(s => new RequestBudget(options.RequestsPerMinute, s.GetRequiredService<TimeProvider>()));
        services
            .AddHttpClient(
                nameof(LiveDnsProviders),
                http =>
                {
                    http.Timeout = Timeout.InfiniteTimeSpan;
                    http.MaxResponseContentBufferSize = LiveDnsClient.MaxBody;
                    http.DefaultRequestHeaders.UserAgent.ParseAdd(
                        $"esddns/{typeof(LiveDnsExtensions).Assembly.GetName().Version?.ToString(3)}"
                    );
                }
            )
            // A redirect would carry the token to somewhere else.
            .ConfigurePrimaryHttpMessageHandler(s => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = SendLimit.ForHttp(
                    HappyEyeballs.ForHttp(null, s.GetRequiredService<TimeProvider>()),
                    s.GetRequiredService<ILeadership>().Grace
                ),
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AutomaticDecompression = System.Net.DecompressionMethods.All,
                PlaintextStreamFilter = (connection, _) =>
                    ValueTask.FromResult<Stream>(
                        new LeaderOnlyStream(connection.PlaintextStream, s.GetRequiredService<ILeadership>())
                    ),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders(["Authorization"]);
        services.AddSingleton<TokenExpiryWatch>();
        services.AddHostedService(s => s.GetRequiredService<TokenExpiryWatch>());
        foreach (var file in options.TokenFiles)
            services.AddSingleton(new CredentialFile(file));
        // One for the process: it remembers which of two tokens works.
        services.AddSingleton<IDnsProviders>(s =>
            ActivatorUtilities.CreateInstance<LiveDnsProviders>(
                s,
                s.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(LiveDnsProviders))
            )
        );
        services.AddSingleton(s => s.GetRequiredService<IDnsProviders>().With(null));
        return services;
    }
}
