using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Esddns.Operator.Dns.Wire;

/// <summary>A resource record (RFC 1035 section 4.1.3) with its data as it came.</summary>
/// <param name="Name">Its owner.</param>
/// <param name="Type">Its type.</param>
/// <param name="Class">Its class; in an OPT record something else (RFC 6891 section 6.1.2).</param>
/// <param name="Ttl">In seconds; in an OPT record something else.</param>
/// <param name="Data">The data.</param>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Ttl, ReadOnlyMemory<byte> Data)
{
    private const int FixedLength = 10;

    /// <summary>
    /// The name in an NS, CNAME or DNAME record, which may be compressed and so was read with the message; null for any
    /// other.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The address of an A or AAAA record; null for any other, or one of the wrong length.</summary>
    public IPAddress? Address =>
        (Type, Data.Length) is (DnsType.A, 4) or (DnsType.AAAA, 16) ? new IPAddress(Data.Span) : null;

    /// <summary>The strings of a TXT record, joined; null for any other, or one that is cut.</summary>
    public string? Text
    {
        get
        {
            if (Type != DnsType.TXT)
                return null;
            var text = new StringBuilder();
            for (var rest = Data.Span; !rest.IsEmpty; rest = rest[(1 + rest[0])..])
            {
                if (1 + rest[0] > rest.Length)
                    return null;
                text.Append(Encoding.Latin1.GetString(rest.Slice(1, rest[0])));
            }

            return text.ToString();
        }
    }

    /// <summary>Whether it is of this owner, in any case of letters (RFC 4343), and of this type and class.</summary>
    public bool Is(string owner, DnsType type, DnsClass @class = DnsClass.IN) =>
        Type == type && Class == @class && Name.Equals(owner, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a record at <paramref name="at"/>, and moves it behind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out DnsRecord? record)
    {
        record = null;
        if (!DnsName.TryRead(message, ref at, out var name) || at + FixedLength > message.Length)
            return false;
        var fixedPart = message[at..];
        var (inside, length) = (at + FixedLength, BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]));
        if (inside + length > message.Length)
            return false;
        at = inside + length;
        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
        record = new DnsRecord(
            name,
            type,
            (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]),
            message.Slice(inside, length).ToArray()
        )
        {
            Target =
                type is DnsType.NS or DnsType.CNAME or DnsType.DNAME
                && DnsName.TryRead(message, ref inside, out var target)
                    ? target
                    : null,
        };
        return true;
    }
}
