using System.Net;
using System.Net.Sockets;

namespace Esddns.Tests.Support;

/// <summary>
/// An address that neither accepts nor refuses connections: its accept queue is full, so the kernel drops new ones.
/// </summary>
internal sealed class DeadServer : IDisposable
{
    private const int MoreThanTheQueueHolds = 16;
    private readonly List<Socket> _sockets = [];

    /// <summary>Listens on the endpoint; port 0 means any free port.</summary>
    public DeadServer(IPEndPoint endpoint)
    {
        var listener = NewSocket(endpoint.AddressFamily);
        listener.Bind(endpoint);
        listener.Listen(0);
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        for (var i = 0; i < MoreThanTheQueueHolds; i++)
        {
            var waiting = NewSocket(endpoint.AddressFamily);
            waiting.Blocking = false;
            try
            {
                waiting.Connect(Endpoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.InProgress or SocketError.WouldBlock)
            {
                // The connection attempt is pending, which is enough to fill the queue.
            }
        }
    }

    /// <summary>The address and port.</summary>
    public IPEndPoint Endpoint { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private Socket NewSocket(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
