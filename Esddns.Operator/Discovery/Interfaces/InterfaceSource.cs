using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery.Interfaces;

/// <summary>
/// The source address that the kernel selects for connections to the internet. Behind address translation it is a
/// private address, which does not count. Otherwise it is authenticated evidence that does not depend on any server.
/// </summary>
internal sealed class InterfaceSource : IAddressSource
{
    /// <summary>
    /// An internet address for the route lookup (documentation ranges). Connecting a datagram socket looks up the route
    /// and sends nothing.
    /// </summary>
    private static readonly IPEndPoint s_target4 = new(IPAddress.Parse("192.0.2.1"), 9);
    private static readonly IPEndPoint s_target6 = new(IPAddress.Parse("2001:db8::1"), 9);

    /// <inheritdoc/>
    public SourceId Id { get; } = new("interface", EvidenceClass.Interface, "this host") { IsAuthenticated = true };

    /// <inheritdoc/>
    public Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(family.ToAddressFamily(), SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(family == IpFamily.IPv4 ? s_target4 : s_target6);
            return Task.FromResult<Observation>(new Observation.Seen(Id, ((IPEndPoint)socket.LocalEndPoint!).Address));
        }
        catch (SocketException e)
        {
            return Task.FromResult<Observation>(new Observation.Unavailable(Id, e.Message));
        }
    }
}
