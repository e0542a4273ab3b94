using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Esddns.Operator.Discovery.Stun;

/// <summary>One STUN transaction (RFC 8489 section 6.2). The caller's token is the time limit.</summary>
internal static class StunClient
{
    /// <summary>The first retransmission time-out of section 6.2.1; it doubles with every retransmission.</summary>
    private static readonly TimeSpan s_initialRto = TimeSpan.FromMilliseconds(500);

    /// <summary>The maximum number of transmissions over UDP: Rc of section 6.2.1.</summary>
    private const int MaxTransmissions = 7;

    /// <summary>The wait after the last transmission, in initial RTOs: Rm of section 6.2.1.</summary>
    private const int LastWait = 16;

    private const int MaxMessage = 2048;

    /// <summary>Sends a Binding request over UDP, and retransmits it until it is answered.</summary>
    /// <exception cref="SocketException">The server is unreachable, or did not answer
    /// (<see cref="SocketError.TimedOut"/>).</exception>
    public static async Task<StunReply?> RequestUdpAsync(
        IPEndPoint server,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (request, transactionId) = NewRequest();
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket receives only from this server, and reports an unreachable port.
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[MaxMessage];
        var rto = s_initialRto;
        for (var sent = 0; sent < MaxTransmissions; sent++, rto *= 2)
        {
            await socket.SendAsync(request, cancellationToken);
            using var timeout = new CancellationTokenSource(
                sent == MaxTransmissions - 1 ? LastWait * s_initialRto : rto,
                time
            );
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                while (true)
                {
                    var length = await socket.ReceiveAsync(buffer, linked.Token);
                    if (StunMessage.TryReadBindingResponse(buffer.AsSpan(0, length), transactionId, out var reply))
                        return reply;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No answer within the RTO: retransmit with the same transaction ID.
            }
        }

        throw new SocketException((int)SocketError.TimedOut, $"no answer to {MaxTransmissions} requests");
    }

    /// <summary>
    /// Sends a Binding request over TCP, where the transport retransmits (section 6.2.2). Null when the response is not
    /// valid STUN.
    /// </summary>
    /// <exception cref="IOException">The connection was closed or reset.</exception>
    public static async Task<StunReply?> RequestTcpAsync(Socket socket, CancellationToken cancellationToken)
    {
        var (request, transactionId) = NewRequest();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(request, cancellationToken);

        var buffer = new byte[MaxMessage];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, StunMessage.HeaderLength), cancellationToken);
        if (!StunMessage.TryReadLength(buffer, out var length) || length > MaxMessage - StunMessage.HeaderLength)
            return null;
        await stream.ReadExactlyAsync(buffer.AsMemory(StunMessage.HeaderLength, length), cancellationToken);
        return StunMessage.TryReadBindingResponse(
            buffer.AsSpan(0, StunMessage.HeaderLength + length),
            transactionId,
            out var reply
        )
            ? reply
            : null;
    }

    private static (byte[] Request, byte[] TransactionId) NewRequest()
    {
        var transactionId = RandomNumberGenerator.GetBytes(StunMessage.TransactionIdLength);
        var request = new byte[StunMessage.HeaderLength];
        StunMessage.WriteBindingRequest(request, transactionId);
        return (request, transactionId);
    }
}
