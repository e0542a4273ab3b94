using System.Buffers.Binary;
using System.Net;
using Esddns.Simulator.Dns;

namespace Esddns.Tests.Support;

/// <summary>Builds DNS responses byte by byte, including invalid ones.</summary>
internal static class DnsReply
{
    /// <summary>An answer that repeats the question.</summary>
    public static byte[] To(
        byte[] query,
        int code = 0,
        bool aa = true,
        byte[][]? answers = null,
        byte[][]? authority = null
    )
    {
        var question = query[12..QuestionEnd(query)];
        var reply = (byte[])
            [
                .. query[..2],
                (byte)(0x80 | (query[2] & 0x79) | (aa ? 4 : 0)),
                (byte)code,
                0,
                1,
                .. Number(answers?.Length ?? 0),
                .. Number(authority?.Length ?? 0),
                0,
                0,
                .. question,
                .. (answers ?? []).SelectMany(r => r),
                .. (authority ?? []).SelectMany(r => r),
            ];
        return reply;
    }

    /// <summary>A message that consists of a header only.</summary>
    public static byte[] Header(byte[] query, int code) =>
        [.. query[..2], (byte)(0x80 | (query[2] & 0x78)), (byte)code, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A resource record.</summary>
    public static byte[] Record(string owner, int type, byte[] data, uint ttl = 300, int @class = 1)
    {
        var fields = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(fields.AsSpan(2), (ushort)@class);
        BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(4), ttl);
        BinaryPrimitives.WriteUInt16BigEndian(fields.AsSpan(8), (ushort)data.Length);
        return [.. DnsAnswer.Name(owner), .. fields, .. data];
    }

    /// <summary>An address record.</summary>
    public static byte[] A(string owner, string address, uint ttl = 300, int @class = 1) =>
        IPAddress.Parse(address).GetAddressBytes() is var bytes && bytes.Length == 4
            ? Record(owner, 1, bytes, ttl, @class)
            : Record(owner, 28, bytes, ttl, @class);

    /// <summary>A record with a name as data: NS (2), CNAME (5) or DNAME (39).</summary>
    public static byte[] Pointing(string owner, int type, string target) => Record(owner, type, DnsAnswer.Name(target));

    /// <summary>The SOA record of a zone.</summary>
    public static byte[] Soa(string zone) => Record(zone, 6, DnsAnswer.Soa("ns1." + zone, "hostmaster." + zone, 1));

    /// <summary>The name of a query's question, in lower case.</summary>
    public static string Name(byte[] query) =>
        DnsQuery.TryRead(query, out var read, out _)
            ? read!.Name.ToLowerInvariant()
            : throw new ArgumentException("no query", nameof(query));

    /// <summary>The type of a query's question.</summary>
    public static int Type(byte[] query) => BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(QuestionEnd(query) - 4));

    private static int QuestionEnd(byte[] query)
    {
        var at = 12;
        while (query[at] != 0)
            at += 1 + query[at];
        return at + 5;
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
