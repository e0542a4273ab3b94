using System.Buffers.Binary;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Operator.Dns.Wire;

/// <summary>
/// A TCP connection to a DNS server (RFC 7766). Each message has a length prefix (RFC 1035 section 4.2.2), so it has at
/// most 64 KiB. The token of the caller is the time limit.
/// </summary>
internal sealed class DnsConnection(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Connects to the first address of the host that accepts the connection.</summary>
    /// <exception cref="SocketException">The host cannot be resolved, or none of its addresses accepts the
    /// connection.</exception>
    public static async Task<DnsConnection> OpenAsync(
        string host,
        int port,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => new(await HappyEyeballs.ConnectAsync(host, port, null, time, cancellationToken));

    /// <summary>Sends a message and returns the response with the same ID.</summary>
    /// <exception cref="IOException">The connection failed, or the response has another ID.</exception>
    public async Task<byte[]> ExchangeAsync(byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)message.Length));
        message.CopyTo(framed.AsSpan(2));
        await _stream.WriteAsync(framed, cancellationToken);

        var length = new byte[2];
        await _stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await _stream.ReadExactlyAsync(answer, cancellationToken);
        return answer.AsSpan().StartsWith(message.AsSpan(0, 2))
            ? answer
            : throw new IOException("the response has another message ID");
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
