using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Esddns.Operator.Dns.Wire;

/// <summary>Sends one query to one server. The token of the caller is the time limit.</summary>
internal static class DnsExchange
{
    private const int MaxDatagram = 4096;

    /// <summary>The wait for the first response; it doubles with each retransmission.</summary>
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Queries over UDP, retransmits lost messages, and changes to TCP when the response is truncated. A server that
    /// rejects EDNS is queried again without it (RFC 6891 section 7).
    /// </summary>
    /// <returns>The response, with any response code.</returns>
    /// <exception cref="SocketException">The server is unreachable.</exception>
    /// <exception cref="IOException">The connection failed.</exception>
    public static async Task<DnsMessage> QueryAsync(
        IPEndPoint server,
        DnsQuestion question,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var answer = await QueryAsync(server, question, hasEdns: true, time, cancellationToken);
        return answer.Code is DnsCode.FormErr or DnsCode.NotImp
            ? await QueryAsync(server, question, hasEdns: false, time, cancellationToken)
            : answer;
    }

    /// <summary>
    /// Builds a query: header (ID, recursion desired, one question), question, and OPT (RFC 6891) for responses larger
    /// than 512 bytes.
    /// </summary>
    public static byte[] BuildQuery(DnsQuestion question, bool hasEdns)
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

    private static async Task<DnsMessage> QueryAsync(
        IPEndPoint server,
        DnsQuestion question,
        bool hasEdns,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var query = BuildQuery(question, hasEdns);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket on a random port receives only from this server (RFC 5452 section 9).
        await socket.ConnectAsync(server, cancellationToken);
        var buffer = new byte[MaxDatagram];
        for (var wait = s_firstWait; ; wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait)
        {
            await socket.SendAsync(query, cancellationToken);
            using var timeout = new CancellationTokenSource(wait, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                while (true)
                {
                    var length = await socket.ReceiveAsync(buffer, linked.Token);
                    if (!Answers(buffer.AsSpan(0, length), query, question, out var answer))
                        continue;
                    return answer!.IsTruncated
                        ? await QueryTcpAsync(server, query, question, time, cancellationToken)
                        : answer;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No response: retransmit.
            }
        }
    }

    private static async Task<DnsMessage> QueryTcpAsync(
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
            : throw new IOException("the response over TCP answers another question");
    }

    /// <summary>
    /// Whether the message answers the query: same ID and same question. Any other message may be forged. Only an error
    /// may omit the question, because the server may not have been able to parse it.
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
