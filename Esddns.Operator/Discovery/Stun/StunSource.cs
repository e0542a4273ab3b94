using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Discovery.Stun;

/// <summary>A STUN server as a source: <c>stun://host:port</c> over UDP, <c>stun+tcp://host:port</c> over TCP.</summary>
internal sealed class StunSource(Uri server, TimeProvider time) : IAddressSource
{
    /// <summary>UDP.</summary>
    public const string UdpScheme = "stun";

    /// <summary>TCP.</summary>
    public const string TcpScheme = "stun+tcp";

    /// <summary>The port of RFC 8489 section 8.1.</summary>
    public const int DefaultPort = 3478;

    /// <inheritdoc/>
    public SourceId Id { get; } = SourceId.Of(server, EvidenceClass.Stun);

    /// <inheritdoc/>
    public async Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(server.IdnHost.Trim('[', ']'), family.ToAddressFamily(), cancellationToken);
            if (addresses.Length == 0) return Unavailable($"the server has no {family} address");
            var endpoint = new IPEndPoint(addresses[0], server.Port > 0 ? server.Port : DefaultPort);
            var reply = server.Scheme == TcpScheme
                ? await StunClient.AskTcpAsync(endpoint, cancellationToken)
                : await StunClient.AskUdpAsync(endpoint, time, cancellationToken);
            return reply switch
            {
                StunReply.Mapped({ Address: var address }) when family.Includes(address) => new Observation.Seen(Id, address),
                StunReply.Mapped({ Address: var address }) => Unavailable($"answered with {address}, which is not {family}"),
                StunReply.Error(var code, var reason) => Unavailable($"answered with error {code} {reason}"),
                _ => Unavailable("gave no answer that is STUN"),
            };
        }
        catch (SocketException e)
        {
            return Unavailable(e.Message);
        }
        catch (IOException e)
        {
            return Unavailable($"the connection broke: {e.Message}");
        }
    }

    private Observation.Unavailable Unavailable(string reason) => new(Id, reason);
}
