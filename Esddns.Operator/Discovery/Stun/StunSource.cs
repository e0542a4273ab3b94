using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Stun;

/// <summary>
/// An address source: a STUN server, <c>stun://host:port</c> over UDP or <c>stun+tcp://host:port</c> over TCP.
/// </summary>
internal sealed class StunSource(Uri server, TimeProvider time, int number = 1) : IAddressSource
{
    /// <summary>The URI scheme for UDP.</summary>
    public const string UdpScheme = "stun";

    /// <summary>The URI scheme for TCP.</summary>
    public const string TcpScheme = "stun+tcp";

    /// <summary>The default port (RFC 8489 section 8.1).</summary>
    public const int DefaultPort = 3478;

    /// <inheritdoc/>
    public SourceId Id { get; } = SourceId.Of(server, EvidenceClass.Stun, number);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            return await RequestAsync(family, cancellationToken) switch
            {
                StunReply.Mapped({ Address: var address }) when family.Includes(address) => new Observation.Seen(
                    Id,
                    address
                ),
                StunReply.Mapped({ Address: var address }) => Unavailable(
                    $"returned {address}, which is not an {family} address"
                ),
                StunReply.Error(var code, var reason) => Unavailable($"returned error {code} {reason}"),
                _ => Unavailable("returned a response that is not valid STUN"),
            };
        }
        catch (SocketException e)
        {
            return Unavailable(e.Message);
        }
        catch (IOException e)
        {
            return Unavailable($"the connection failed: {e.Message}");
        }
    }

    private async Task<StunReply?> RequestAsync(IpFamily family, CancellationToken cancellationToken)
    {
        var port = server.Port > 0 ? server.Port : DefaultPort;
        if (server.Scheme == TcpScheme)
        {
            using var socket = await HappyEyeballs.ConnectAsync(
                server.IdnHost,
                port,
                family.ToAddressFamily(),
                time,
                cancellationToken
            );
            return await StunClient.RequestTcpAsync(socket, cancellationToken);
        }

        var servers = await HappyEyeballs.ResolveAsync(
            server.IdnHost,
            port,
            family.ToAddressFamily(),
            cancellationToken
        );
        return await HappyEyeballs.RaceAsync(
            servers,
            (endpoint, token) => StunClient.RequestUdpAsync(endpoint, time, token),
            time,
            cancellationToken
        );
    }

    private Observation.Unavailable Unavailable(string reason) => new(Id, reason);
}
