using System.Net;
using System.Net.Sockets;

namespace Esddns.Tests.Support;

/// <summary>
/// An address without answer and without refusal: its queue of connections that wait to be accepted is full, and so the
/// system drops what comes.
/// </summary>
internal sealed class DeadServer : IDisposable
{
    private const int MoreThanTheQueueHolds = 16;
    private readonly List<Socket> _sockets = [];

    /// <summary>Takes the endpoint, whose port may be 0.</summary>
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
                // Under way, which is all that is wanted.
            }
        }
    }

    /// <summary>Where it is.</summary>
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
