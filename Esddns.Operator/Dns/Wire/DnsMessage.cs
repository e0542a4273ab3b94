using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Esddns.Operator.Dns.Wire;

/// <summary>Record types by number (IANA DNS parameters).</summary>
internal enum DnsType : ushort
{
    A = 1,
    NS = 2,
    SOA = 6,
    TXT = 16,
    AAAA = 28,
    TSIG = 250,
    ANY = 255,
}

/// <summary>Classes by number.</summary>
internal enum DnsClass : ushort
{
    /// <summary>The internet.</summary>
    IN = 1,

    /// <summary>Chaosnet, where servers answer questions about themselves.</summary>
    CH = 3,

    /// <summary>In dynamic updates and TSIG: not this (RFC 2136 section 1.3).</summary>
    NONE = 254,

    /// <summary>In dynamic updates and TSIG: any.</summary>
    ANY = 255,
}

/// <summary>Response codes of RFC 1035, RFC 2136 and RFC 8945.</summary>
internal enum DnsCode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    YxDomain = 6,
    YxRRset = 7,
    NxRRset = 8,
    NotAuth = 9,
    NotZone = 10,
}

/// <summary>A question (RFC 1035 section 4.1.2).</summary>
/// <param name="Name">Labels joined by dots, no final dot.</param>
/// <param name="Type">What is asked for.</param>
/// <param name="Class">Where.</param>
internal sealed record DnsQuestion(string Name, DnsType Type, DnsClass Class = DnsClass.IN);

/// <summary>A resource record (RFC 1035 section 4.1.3) with its data as it came.</summary>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Ttl, ReadOnlyMemory<byte> Data)
{
    /// <summary>The name in an NS record, which may be compressed and so was read with the message; null for any other.</summary>
    public string? NameServer { get; init; }

    /// <summary>The address of an A or AAAA record; null for any other, or one of the wrong length.</summary>
    public IPAddress? Address => (Type, Data.Length) is (DnsType.A, 4) or (DnsType.AAAA, 16) ? new IPAddress(Data.Span) : null;

    /// <summary>The strings of a TXT record, joined; null for any other, or one that is cut.</summary>
    public string? Text
    {
        get
        {
            if (Type != DnsType.TXT) return null;
            var text = new StringBuilder();
            for (var rest = Data.Span; !rest.IsEmpty; rest = rest[(1 + rest[0])..])
            {
                if (1 + rest[0] > rest.Length) return null;
                text.Append(Encoding.Latin1.GetString(rest.Slice(1, rest[0])));
            }

            return text.ToString();
        }
    }
}

/// <summary>A response (RFC 1035 section 4.1).</summary>
/// <param name="Id">The number of the query it answers.</param>
/// <param name="Code">How it went.</param>
/// <param name="IsAuthoritative">Whether the server is responsible for the name.</param>
/// <param name="IsTruncated">Whether the rest has to be asked for over TCP.</param>
/// <param name="Question">What was asked; null in answers that do not repeat it.</param>
/// <param name="Answers">The answer section.</param>
/// <param name="Additional">The additional section.</param>
internal sealed record DnsMessage(
    ushort Id, DnsCode Code, bool IsAuthoritative, bool IsTruncated, DnsQuestion? Question, ImmutableArray<DnsRecord> Answers, ImmutableArray<DnsRecord> Additional)
{
    /// <summary>Bytes before the first section.</summary>
    public const int HeaderLength = 12;

    /// <summary>Reads a response. False for everything that is none, whatever it is.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsMessage? response)
    {
        response = null;
        if (message.Length < HeaderLength || (message[2] & 0x80) == 0) return false;
        var questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (questions > 1) return false;

        var at = HeaderLength;
        DnsQuestion? question = null;
        if (questions == 1)
        {
            if (!DnsName.TryRead(message, ref at, out var name) || at + 4 > message.Length) return false;
            question = new DnsQuestion(name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]), (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]));
            at += 4;
        }

        if (!TryReadSection(message, BinaryPrimitives.ReadUInt16BigEndian(message[6..]), ref at, out var answers)) return false;
        if (!TryReadSection(message, BinaryPrimitives.ReadUInt16BigEndian(message[8..]), ref at, out _)) return false;
        if (!TryReadSection(message, BinaryPrimitives.ReadUInt16BigEndian(message[10..]), ref at, out var additional)) return false;
        response = new DnsMessage(
            BinaryPrimitives.ReadUInt16BigEndian(message), (DnsCode)(message[3] & 0xF), (message[2] & 4) != 0, (message[2] & 2) != 0, question, answers, additional);
        return true;
    }

    private static bool TryReadSection(ReadOnlySpan<byte> message, int count, ref int at, out ImmutableArray<DnsRecord> records)
    {
        records = [];
        var read = ImmutableArray.CreateBuilder<DnsRecord>();
        for (var i = 0; i < count; i++)
        {
            if (!DnsName.TryRead(message, ref at, out var name) || at + 10 > message.Length) return false;
            var fixedPart = message[at..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
            if (at + 10 + length > message.Length) return false;
            var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
            var inside = at + 10;
            at = inside + length;
            read.Add(new DnsRecord(
                name,
                type,
                (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]),
                BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]),
                message.Slice(inside, length).ToArray())
            {
                NameServer = type == DnsType.NS && DnsName.TryRead(message, ref inside, out var server) ? server : null,
            });
        }

        records = read.ToImmutable();
        return true;
    }
}
