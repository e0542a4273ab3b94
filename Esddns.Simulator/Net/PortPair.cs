using System.Net;
using System.Net.Sockets;

namespace Esddns.Simulator.Net;

/// <summary>A UDP socket and a TCP listener on one port number.</summary>
internal sealed class PortPair : IDisposable
{
    private const int Attempts = 50;

    private PortPair(Socket udp, TcpListener tcp) => (Udp, Tcp) = (udp, tcp);

    /// <summary>The UDP socket.</summary>
    public Socket Udp { get; }

    /// <summary>The TCP listener.</summary>
    public TcpListener Tcp { get; }

    /// <summary>The address and port of both.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)Udp.LocalEndPoint!;

    /// <summary>Binds both; with port 0, to any port that is free for both.</summary>
    /// <exception cref="SocketException">The port is in use or not permitted.</exception>
    public static PortPair Open(IPAddress address, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(address, port));
                var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
                tcp.Start();
                return new PortPair(udp, tcp);
            }
            catch (SocketException) when (port == 0 && attempt < Attempts)
            {
                udp.Dispose();
            }
            catch
            {
                udp.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Udp.Dispose();
        Tcp.Dispose();
    }
}
