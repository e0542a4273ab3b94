using System.Buffers.Binary;
using System.Text;

namespace Esddns.Simulator.Dns;

/// <summary>A query with one question (RFC 1035 section 4.1).</summary>
/// <param name="Id">The message ID, which the answer repeats.</param>
/// <param name="OpCode">0 for a standard query.</param>
/// <param name="RecursionDesired">The RD flag, which the answer repeats.</param>
/// <param name="Name">The labels joined by dots, in the case of the question; empty for the root.</param>
/// <param name="Type">The queried type.</param>
/// <param name="Class">1 for the internet.</param>
/// <param name="UdpSize">The largest answer over UDP, in bytes (RFC 6891 section 6.2.3).</param>
/// <param name="HasEdns">Whether the query has an OPT record.</param>
internal sealed record DnsQuery(
    ushort Id,
    int OpCode,
    bool RecursionDesired,
    string Name,
    ushort Type,
    ushort Class,
    int UdpSize,
    bool HasEdns
)
{
    private const int HeaderLength = 12;
    private const int MaxName = 255;
    private const int ClassicUdpSize = 512;

    /// <summary>
    /// Reads a query. Returns false for a malformed message; <paramref name="id"/> is then set if the header could be
    /// read.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsQuery? query, out ushort? id)
    {
        query = null;
        id = null;
        if (message.Length < HeaderLength || (message[2] & 0x80) != 0)
            return false;
        id = BinaryPrimitives.ReadUInt16BigEndian(message);
        var opCode = (message[2] >> 3) & 0xF;
        if (BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
            return false;
        var records =
            BinaryPrimitives.ReadUInt16BigEndian(message[6..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[8..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);

        var at = HeaderLength;
        if (!TryReadName(message, ref at, out var name) || at + 4 > message.Length)
            return false;
        var type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var @class = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
        at += 4;

        int? size = null;
        for (var i = 0; i < records; i++)
        {
            if (!TryReadName(message, ref at, out _) || at + 10 > message.Length)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(message[at..]) == DnsType.OPT)
                size = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            at += 10 + length;
            if (at > message.Length)
                return false;
        }

        query = new DnsQuery(
            (ushort)id,
            opCode,
            (message[2] & 1) != 0,
            name,
            type,
            @class,
            Math.Max(size ?? 0, ClassicUdpSize),
            size is not null
        );
        return true;
    }

    /// <summary>
    /// Reads a name. A compression pointer (section 4.1.4) must point before the labels that led to it. A pointer that
    /// only points before itself can still form a loop.
    /// </summary>
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (position, run, end, total) = (at, at, -1, 0);
        while (true)
        {
            if (position >= message.Length)
                return false;
            var length = message[position];
            if (length >= 0xC0)
            {
                if (position + 1 >= message.Length)
                    return false;
                var target = ((length & 0x3F) << 8) | message[position + 1];
                if (target >= run)
                    return false;
                if (end < 0)
                    end = position + 2;
                (position, run) = (target, target);
                continue;
            }

            if (length > 63 || position + 1 + length > message.Length)
                return false;
            position++;
            if (length == 0)
                break;
            total += length + 1;
            if (total > MaxName)
                return false;
            if (text.Length > 0)
                text.Append('.');
            text.Append(Encoding.Latin1.GetString(message.Slice(position, length)));
            position += length;
        }

        at = end < 0 ? position : end;
        name = text.ToString();
        return true;
    }
}
