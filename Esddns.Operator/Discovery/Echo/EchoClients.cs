using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Echo;

/// <summary>
/// The HTTP clients for echo services. Each address family has its own client, because the family of the connection
/// determines the reported address.
/// </summary>
internal static class EchoClients
{
    /// <summary>The name of the client of a family in the factory.</summary>
    public static string Name(IpFamily family) => $"echo-{family}";

    /// <summary>Adds the clients of both families.</summary>
    public static IServiceCollection AddEchoClients(this IServiceCollection services)
    {
        foreach (var family in Enum.GetValues<IpFamily>())
        {
            services
                .AddHttpClient(Name(family), http => http.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(services => new SocketsHttpHandler
                {
                    ConnectCallback = HappyEyeballs.ForHttp(
                        family.ToAddressFamily(),
                        services.GetRequiredService<TimeProvider>()
                    ),
                    // Through a proxy, a service reports the address of the proxy. A captive portal redirects to
                    // another server.
                    UseProxy = false,
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    // On a pooled connection, a service still reports the old address.
                    PooledConnectionLifetime = TimeSpan.Zero,
                    // The URL may contain a secret, so it must not reach logs or traces. External servers must not
                    // receive trace headers.
                    ActivityHeadersPropagator = null,
                })
                .RemoveAllLoggers()
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        }

        return services;
    }
}
