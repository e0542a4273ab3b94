using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Discovery.Interfaces;

/// <summary>
/// The address from which the host would speak to the internet, as its kernel has it. Behind address translation that
/// is a private one, which says nothing; without, it is a witness that no server can be.
/// </summary>
internal sealed class InterfaceSource : IAddressSource
{
    /// <summary>
    /// Somewhere on the internet (documentation ranges): connecting a datagram socket looks up the route and sends
    /// nothing.
    /// </summary>
    private static readonly IPEndPoint s_somewhere4 = new(IPAddress.Parse("192.0.2.1"), 9);
    private static readonly IPEndPoint s_somewhere6 = new(IPAddress.Parse("2001:db8::1"), 9);

    /// <inheritdoc/>
    public SourceId Id { get; } = new("interface", EvidenceClass.Interface, "this host") { IsAuthenticated = true };

    /// <inheritdoc/>
    public Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(family.ToAddressFamily(), SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(family == IpFamily.IPv4 ? s_somewhere4 : s_somewhere6);
            return Task.FromResult<Observation>(new Observation.Seen(Id, ((IPEndPoint)socket.LocalEndPoint!).Address));
        }
        catch (SocketException e)
        {
            return Task.FromResult<Observation>(new Observation.Unavailable(Id, e.Message));
        }
    }
}
