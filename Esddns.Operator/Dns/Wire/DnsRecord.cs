using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Esddns.Operator.Dns.Wire;

/// <summary>A resource record (RFC 1035 section 4.1.3) with its data in wire format.</summary>
/// <param name="Name">The owner name.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class; in an OPT record another value (RFC 6891 section 6.1.2).</param>
/// <param name="Ttl">The TTL in seconds; in an OPT record another value.</param>
/// <param name="Data">The data.</param>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Ttl, ReadOnlyMemory<byte> Data)
{
    private const int FixedLength = 10;

    /// <summary>
    /// The target name of an NS, CNAME or DNAME record; null for other types. It may be compressed, so it is parsed
    /// together with the message.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The address of an A or AAAA record; null for other types, or when the length is wrong.</summary>
    public IPAddress? Address =>
        (Type, Data.Length) is (DnsType.A, 4) or (DnsType.AAAA, 16) ? new IPAddress(Data.Span) : null;

    /// <summary>The joined strings of a TXT record; null for other types, or when the data is truncated.</summary>
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

    /// <summary>Whether the record has this owner, ignoring case (RFC 4343), and this type and class.</summary>
    public bool Is(string owner, DnsType type, DnsClass @class = DnsClass.IN) =>
        Type == type && Class == @class && Name.Equals(owner, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a record at <paramref name="at"/>, and moves <paramref name="at"/> behind it.</summary>
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
