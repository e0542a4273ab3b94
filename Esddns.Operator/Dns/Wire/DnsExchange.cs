using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Esddns.Operator.Dns.Wire;

/// <summary>One question to one server. The caller's token is the time limit.</summary>
internal static class DnsExchange
{
    private const int MaxDatagram = 4096;

    /// <summary>How long the first answer is waited for; each time twice as long as before.</summary>
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Asks over UDP, repeats what gets lost, and turns to TCP when the answer was cut. A server that takes EDNS for a
    /// mistake is asked once more without it (RFC 6891 section 7).
    /// </summary>
    /// <returns>The answer, whatever its code is.</returns>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<DnsMessage> AskAsync(
        IPEndPoint server,
        DnsQuestion question,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var answer = await AskAsync(server, question, hasEdns: true, time, cancellationToken);
        return answer.Code is DnsCode.FormErr or DnsCode.NotImp
            ? await AskAsync(server, question, hasEdns: false, time, cancellationToken)
            : answer;
    }

    /// <summary>
    /// A query: header (number, recursion desired, one question), question, and OPT (RFC 6891) for answers of more than
    /// 512 bytes.
    /// </summary>
    public static byte[] Query(DnsQuestion question, bool hasEdns)
    {
        byte[] opt = hasEdns ? [0, 0, (byte)DnsType.OPT, 0x04, 0xD0, 0, 0, 0, 0, 0, 0] : [];
        return
        [
            .. RandomNumberGenerator.GetBytes(2),
            (byte)(question.IsRecursive ? 1 : 0),
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            (byte)(hasEdns ? 1 : 0),
            .. DnsName.Write(question.Name),
            0,
            (byte)question.Type,
            0,
            (byte)question.Class,
            .. opt,
        ];
    }

    private static async Task<DnsMessage> AskAsync(
        IPEndPoint server,
        DnsQuestion question,
        bool hasEdns,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var query = Query(question, hasEdns);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket on a random port receives from this server alone (RFC 5452 section 9).
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[MaxDatagram];
        for (var patience = s_firstWait; ; patience = patience * 2 < s_longestWait ? patience * 2 : s_longestWait)
        {
            await socket.SendAsync(query, cancellationToken);
            using var wait = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wait.Token);
            try
            {
                while (true)
                {
                    var length = await socket.ReceiveAsync(buffer, either.Token);
                    if (!Answers(buffer.AsSpan(0, length), query, question, out var answer))
                        continue;
                    return answer!.IsTruncated
                        ? await AskTcpAsync(server, query, question, time, cancellationToken)
                        : answer;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Lost on the way: send it again.
            }
        }
    }

    private static async Task<DnsMessage> AskTcpAsync(
        IPEndPoint server,
        byte[] query,
        DnsQuestion question,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var connection = await DnsConnection.OpenAsync(
            server.Address.ToString(),
            server.Port,
            time,
            cancellationToken
        );
        var answer = await connection.ExchangeAsync(query, cancellationToken);
        return Answers(answer, query, question, out var message)
            ? message!
            : throw new IOException("the answer over TCP is to another question");
    }

    /// <summary>
    /// Same number and same question: anything else is from somebody else. Only an error may leave the question out, as
    /// from a server that could not read it.
    /// </summary>
    private static bool Answers(
        ReadOnlySpan<byte> message,
        byte[] query,
        DnsQuestion question,
        out DnsMessage? answer
    ) =>
        DnsMessage.TryRead(message, out answer)
        && answer!.Id == BinaryPrimitives.ReadUInt16BigEndian(query)
        && answer.OpCode == 0
        && (question.IsSame(answer.Question) || (answer.Question is null && answer.Code != DnsCode.NoError));
}
