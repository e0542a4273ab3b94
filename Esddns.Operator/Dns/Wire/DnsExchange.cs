using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Esddns.Operator.Dns.Wire;

/// <summary>One question to one server. The caller's token is the time limit.</summary>
internal static class DnsExchange
{
    private static readonly TimeSpan s_repeatAfter = TimeSpan.FromSeconds(1);
    private const int MaxDatagram = 4096;

    /// <summary>Asks over UDP, repeats every second, and turns to TCP when the answer was cut.</summary>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<DnsMessage> AskAsync(IPEndPoint server, DnsQuestion question, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = Query(question);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket on a random port receives from this server alone (RFC 5452 section 9).
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[MaxDatagram];
        while (true)
        {
            await socket.SendAsync(query, cancellationToken);
            using var wait = new CancellationTokenSource(s_repeatAfter, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wait.Token);
            try
            {
                while (true)
                {
                    var length = await socket.ReceiveAsync(buffer, either.Token);
                    if (!Answers(buffer.AsSpan(0, length), query, question, out var answer)) continue;
                    return answer!.IsTruncated ? await AskTcpAsync(server, query, question, cancellationToken) : answer;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Lost on the way: send it again.
            }
        }
    }

    /// <summary>Sends a whole message over TCP (RFC 7766) and returns the whole answer.</summary>
    public static async Task<byte[]> SendTcpAsync(IPEndPoint server, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, cancellationToken);

        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }

    private static async Task<DnsMessage> AskTcpAsync(IPEndPoint server, byte[] query, DnsQuestion question, CancellationToken cancellationToken)
    {
        var answer = await SendTcpAsync(server, query, cancellationToken);
        return Answers(answer, query, question, out var message) ? message! : throw new IOException("the answer over TCP is to another question");
    }

    /// <summary>Header (ID, recursion desired, one question), question, and OPT (RFC 6891) for answers of more than 512 bytes.</summary>
    private static byte[] Query(DnsQuestion question) =>
    [
        .. RandomNumberGenerator.GetBytes(2), 1, 0, 0, 1, 0, 0, 0, 0, 0, 1,
        .. DnsName.Write(question.Name), 0, (byte)question.Type, 0, (byte)question.Class,
        0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>Same number and same question: anything else is from somebody else.</summary>
    private static bool Answers(ReadOnlySpan<byte> message, byte[] query, DnsQuestion question, out DnsMessage? answer) =>
        DnsMessage.TryRead(message, out answer)
        && answer!.Id == BinaryPrimitives.ReadUInt16BigEndian(query)
        && answer.Question is { } asked && asked.Type == question.Type && asked.Class == question.Class
        && asked.Name.Equals(question.Name, StringComparison.OrdinalIgnoreCase);
}
