using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Esddns.Simulator.Dns;

/// <summary>Writes DNS answers, without name compression.</summary>
internal static class DnsAnswer
{
    private const int Response = 0x8000;
    private const int Authoritative = 0x0400;
    private const int Truncated = 0x0200;
    private const int RecursionDesired = 0x0100;

    /// <summary>
    /// Writes the answer to <paramref name="query"/>. Over UDP, an answer that is too large is sent empty with TC set.
    /// </summary>
    public static byte[] Write(
        DnsQuery query,
        DnsCode code,
        bool authoritative,
        IReadOnlyList<DnsRecord> answers,
        IReadOnlyList<DnsRecord> authority,
        bool overTcp
    )
    {
        var flags =
            Response
            | (query.OpCode << 11)
            | (query.RecursionDesired ? RecursionDesired : 0)
            | (authoritative ? Authoritative : 0)
            | (int)code;
        var whole = Write(query, flags, answers, authority);
        return overTcp || whole.Length <= query.UdpSize ? whole : Write(query, flags | Truncated, [], []);
    }

    /// <summary>Writes an error for a message of which only the ID could be read.</summary>
    public static byte[] WriteError(ushort id, DnsCode code)
    {
        var message = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(Response | (int)code));
        return message;
    }

    /// <summary>Converts a value in zone-file format to RDATA.</summary>
    public static byte[] Data(ushort type, string value) =>
        type switch
        {
            DnsType.A or DnsType.AAAA => IPAddress.Parse(value).GetAddressBytes(),
            DnsType.CNAME or DnsType.NS => Name(value),
            DnsType.MX =>
            [
                .. BigEndian(ushort.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture)),
                .. Name(value.Split(' ')[1]),
            ],
            DnsType.TXT => Text(value),
            _ => Encoding.Latin1.GetBytes(value),
        };

    /// <summary>Writes the RDATA of an SOA record (RFC 1035 section 3.3.13).</summary>
    public static byte[] Soa(string server, string mailbox, uint serial)
    {
        var numbers = new byte[20];
        foreach (var (n, i) in new uint[] { serial, 10_800, 3_600, 604_800, 300 }.Select((n, i) => (n, i)))
            BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(i * 4), n);
        return [.. Name(server), .. Name(mailbox), .. numbers];
    }

    /// <summary>Converts a name to wire format.</summary>
    public static byte[] Name(string name)
    {
        var bytes = new List<byte>();
        foreach (var label in name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.Latin1.GetBytes(label));
        }

        bytes.Add(0);
        return [.. bytes];
    }

    private static byte[] Write(
        DnsQuery query,
        int flags,
        IReadOnlyList<DnsRecord> answers,
        IReadOnlyList<DnsRecord> authority
    )
    {
        var message = new List<byte>();
        foreach (var field in new[] { query.Id, flags, 1, answers.Count, authority.Count, query.HasEdns ? 1 : 0 })
            message.AddRange(BigEndian((ushort)field));
        message.AddRange([.. Name(query.Name), .. BigEndian(query.Type), .. BigEndian(query.Class)]);
        foreach (var record in answers.Concat(authority))
        {
            message.AddRange([.. Name(record.Name), .. BigEndian(record.Type), .. BigEndian(query.Class)]);
            message.AddRange([.. BigEndian((ushort)(record.Ttl >> 16)), .. BigEndian((ushort)record.Ttl)]);
            message.AddRange([.. BigEndian((ushort)record.Data.Length), .. record.Data]);
        }

        // OPT (RFC 6891 section 6.1.2): root name, type, UDP size 1232, no extended code, flags or options.
        if (query.HasEdns)
            message.AddRange([0, 0, (byte)DnsType.OPT, .. BigEndian(1232), 0, 0, 0, 0, 0, 0]);
        return [.. message];
    }

    private static byte[] Text(string value)
    {
        var text = Encoding.UTF8.GetBytes(value.Trim('"'));
        return [.. text.Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part])];
    }

    private static byte[] BigEndian(ushort value) => [(byte)(value >> 8), (byte)value];
}
