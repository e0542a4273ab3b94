using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Discovery.Echo;

/// <summary>HTTP clients for echo services, one for each family, because the family of the connection decides what they answer.</summary>
internal static class EchoClients
{
    /// <summary>The client's name for the factory.</summary>
    public static string Name(IpFamily family) => $"echo-{family}";

    /// <summary>Adds both.</summary>
    public static IServiceCollection AddEchoClients(this IServiceCollection services)
    {
        foreach (var family in Enum.GetValues<IpFamily>())
        {
            services.AddHttpClient(Name(family), http => http.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
                {
                    ConnectCallback = (context, cancellationToken) => ConnectAsync(family, context.DnsEndPoint, cancellationToken),
                    // A proxy's address is not ours, nor is what a portal redirects to.
                    UseProxy = false,
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    // A connection that was kept open would still show the old address.
                    PooledConnectionLifetime = TimeSpan.Zero,
                })
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        }

        return services;
    }

    private static async ValueTask<Stream> ConnectAsync(IpFamily family, DnsEndPoint server, CancellationToken cancellationToken)
    {
        var addresses = await System.Net.Dns.GetHostAddressesAsync(server.Host, family.ToAddressFamily(), cancellationToken);
        if (addresses.Length == 0) throw new HttpRequestException($"{server.Host} has no {family} address");
        var socket = new Socket(family.ToAddressFamily(), SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
