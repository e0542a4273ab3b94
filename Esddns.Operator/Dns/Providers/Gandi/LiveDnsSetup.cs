using Esddns.Configuration;
using Esddns.Operator.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>The DNS provider Gandi LiveDNS.</summary>
/// <param name="Options">The options.</param>
internal sealed record LiveDnsSetup(LiveDnsOptions Options) : IDnsProviderSetup
{
    /// <inheritdoc/>
    public TtlRange Ttls => LiveDnsOptions.Ttls;

    /// <inheritdoc/>
    public string Description => $"Gandi LiveDNS at {BaseUrl}, {Token}";

    private string BaseUrl => Options.BaseUrl.GetLeftPart(UriPartial.Path);

    private string Token =>
        Options switch
        {
            { TokenFile: { } file } => $"token from {file}",
            { Token: not null } => "token from the configuration",
            _ => "token from a Secret of the cluster",
        };

    /// <summary>Reads the section <c>Esddns:LiveDns</c>.</summary>
    public static IDnsProviderSetup Read(SettingsReader reader, bool isUsed, bool isInCluster) =>
        new LiveDnsSetup(LiveDnsSettings.Read(reader, isUsed, isInCluster));

    /// <inheritdoc/>
    public void AddTo(IServiceCollection services)
    {
        var version = typeof(LiveDnsSetup).Assembly.GetName().Version?.ToString(3);
        services.AddSingleton(Options);
        services.AddSingleton(Ttls);
        services.TryAddSingleton<ILeadership, AlwaysLeader>();
        services.AddSingleton(s => new RequestRateLimiter(
            Options.RequestsPerMinute,
            s.GetRequiredService<TimeProvider>()
        ));
        services
            .AddHttpClient(
                nameof(LiveDnsProviders),
                http =>
                {
                    http.Timeout = Timeout.InfiniteTimeSpan;
                    http.MaxResponseContentBufferSize = LiveDnsClient.MaxBody;
                    http.DefaultRequestHeaders.UserAgent.ParseAdd($"esddns/{version}");
                }
            )
            // A redirect would send the token to another server.
            .ConfigurePrimaryHttpMessageHandler(s => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = SendLimit.ForHttp(
                    HappyEyeballs.ForHttp(null, s.GetRequiredService<TimeProvider>()),
                    s.GetRequiredService<ILeadership>().HandoverGap
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
        if (Options.TokenExpires is { } expires)
            services.AddSingleton(
                new TokenExpiry(expires, "create a new one and set it as Esddns:LiveDns:SecondToken")
            );
        services.AddSingleton<TokenExpiryWatch>();
        services.AddHostedService(s => s.GetRequiredService<TokenExpiryWatch>());
        foreach (var file in Options.AllTokenFiles)
            services.AddSingleton(new CredentialFile(file));
        // A singleton, because it stores which of the two tokens works.
        services.AddSingleton<IDnsProviders>(s =>
            ActivatorUtilities.CreateInstance<LiveDnsProviders>(
                s,
                s.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(LiveDnsProviders))
            )
        );
        services.AddSingleton(s => s.GetRequiredService<IDnsProviders>().With(null));
    }
}
