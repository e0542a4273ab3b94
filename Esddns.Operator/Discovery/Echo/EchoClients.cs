using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Echo;

/// <summary>
/// HTTP clients for echo services, one for each family, because the family of the connection decides what they answer.
/// </summary>
internal static class EchoClients
{
    /// <summary>The client's name for the factory.</summary>
    public static string Name(IpFamily family) => $"echo-{family}";

    /// <summary>Adds both.</summary>
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
                    // A proxy's address is not ours, nor is what a portal redirects to.
                    UseProxy = false,
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    // A connection that was kept open would still show the old address.
                    PooledConnectionLifetime = TimeSpan.Zero,
                    // No log or trace gets the address, which may hold a secret; and a stranger gets no trace of ours.
                    ActivityHeadersPropagator = null,
                })
                .RemoveAllLoggers()
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        }

        return services;
    }
}
