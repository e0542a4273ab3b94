using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Esddns.Simulator.Net;

namespace Esddns.Tests.Support;

/// <summary>A minimal name server on a free port, over UDP and TCP. The test defines its answers.</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PortPair _ports;
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _answers;
    private readonly Task _running;

    /// <summary>Starts the server.</summary>
    /// <param name="answers">Returns the answers to a message; the second argument is true for TCP.</param>
    /// <param name="address">The listening address; 127.0.0.1 if null.</param>
    public DnsServer(Func<byte[], bool, IEnumerable<byte[]>> answers, IPAddress? address = null)
    {
        (_answers, _ports) = (answers, PortPair.Open(address ?? IPAddress.Loopback, 0));
        EndPoint = _ports.EndPoint;
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Starts a server that sends the same answer over UDP and TCP; null for no answer.</summary>
    public DnsServer(Func<byte[], byte[]?> answer, IPAddress? address = null)
        : this((query, _) => answer(query) is { } a ? [a] : [], address) { }

    /// <summary>The address and port, also after the server has stopped.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The received messages, oldest first.</summary>
    public ConcurrentQueue<byte[]> Queries { get; } = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ports.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65_535];
        while (true)
        {
            var received = await _ports.Udp.ReceiveFromAsync(buffer, new IPEndPoint(EndPoint.Address, 0), _stop.Token);
            foreach (var answer in Answers(buffer[..received.ReceivedBytes], overTcp: false))
                await _ports.Udp.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
            _ = ServeAsync(await _ports.Tcp.AcceptSocketAsync(_stop.Token));
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var length = new byte[2];
            while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, _stop.Token) == 2)
            {
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(message, _stop.Token);
                foreach (var answer in Answers(message, overTcp: true))
                {
                    byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                    await stream.WriteAsync(framed, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has disconnected, or the test has ended.
        }
    }

    private IEnumerable<byte[]> Answers(byte[] message, bool overTcp)
    {
        Queries.Enqueue(message);
        return _answers(message, overTcp);
    }
}
