using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Esddns.Operator.Dns.Wire;

/// <summary>A response (RFC 1035 section 4.1).</summary>
/// <param name="Id">The ID of the query.</param>
/// <param name="OpCode">The opcode of the query: 0 query, 5 update.</param>
/// <param name="Code">The response code, with the upper bits of the OPT record (RFC 6891 section 6.1.3).</param>
/// <param name="IsAuthoritative">Whether the server is authoritative for the name (AA).</param>
/// <param name="IsTruncated">Whether the response is truncated (TC); the full one is available over TCP.</param>
/// <param name="Question">The question; null in responses that omit it.</param>
/// <param name="Answers">The answer section.</param>
/// <param name="Authority">The authority section.</param>
internal sealed record DnsMessage(
    ushort Id,
    int OpCode,
    DnsCode Code,
    bool IsAuthoritative,
    bool IsTruncated,
    DnsQuestion? Question,
    ImmutableArray<DnsRecord> Answers,
    ImmutableArray<DnsRecord> Authority
)
{
    /// <summary>The length of the header in bytes.</summary>
    public const int HeaderLength = 12;

    /// <summary>
    /// The RRset of this owner and type in the answer section. Records of other owners, types and classes are ignored.
    /// </summary>
    public DnsRRset RRset(string owner, DnsType type, DnsClass @class = DnsClass.IN) =>
        new(
            [.. Answers.Where(r => r.Is(owner, type, @class))],
            Answers.FirstOrDefault(r => r.Is(owner, DnsType.CNAME, @class))?.Target
        );

    /// <summary>
    /// The DNAME record (RFC 6672) of an ancestor of <paramref name="owner"/>, which makes the whole subtree an alias;
    /// null when there is none.
    /// </summary>
    public DnsRecord? Dname(Fqdn owner) =>
        Answers.FirstOrDefault(r =>
            r.Type == DnsType.DNAME
            && NameOf(r) is { } above
            && owner.Host.IsWithin(above)
            && !above.ToString().Equals(owner.ToString(), StringComparison.Ordinal)
        );

    /// <summary>
    /// The delegation (RFC 1034 section 4.2.1) in a referral, below <paramref name="zone"/> and at or above
    /// <paramref name="owner"/>; null when the response is not such a referral.
    /// </summary>
    public DnsRecord? Delegation(Fqdn owner, DomainName zone) =>
        IsAuthoritative
            ? null
            : Authority.FirstOrDefault(r =>
                r.Type == DnsType.NS
                && NameOf(r) is { } cut
                && owner.Host.IsWithin(cut)
                && cut.IsWithin(zone)
                && !cut.Equals(zone)
            );

    /// <summary>
    /// The zone that contains <paramref name="owner"/>, from the SOA record of the response (RFC 2308 section 3); null
    /// without an SOA record.
    /// </summary>
    public DomainName? ZoneOf(Fqdn owner) =>
        Answers
            .Concat(Authority)
            .Where(r => r.Type == DnsType.SOA)
            .Select(NameOf)
            .FirstOrDefault(zone => zone is not null && owner.Host.IsWithin(zone));

    /// <summary>Parses a response. False when the message is not a valid response.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsMessage? response)
    {
        response = null;
        if (message.Length < HeaderLength || (message[2] & 0x80) == 0)
            return false;
        var questionCount = Number(message, 4);
        if (questionCount > 1)
            return false;

        var at = HeaderLength;
        DnsQuestion? question = null;
        if (questionCount == 1)
        {
            if (!DnsName.TryRead(message, ref at, out var name) || at + 4 > message.Length)
                return false;
            question = new DnsQuestion(name, (DnsType)Number(message, at), (DnsClass)Number(message, at + 2));
            at += 4;
        }

        if (!TryReadSection(message, Number(message, 6), ref at, out var answers))
            return false;
        if (!TryReadSection(message, Number(message, 8), ref at, out var authority))
            return false;
        if (!TryReadSection(message, Number(message, 10), ref at, out var additional))
            return false;
        var upper = additional.FirstOrDefault(r => r.Type == DnsType.OPT) is { } opt ? (int)(opt.Ttl >> 24) << 4 : 0;
        response = new DnsMessage(
            Number(message, 0),
            (message[2] >> 3) & 0xF,
            (DnsCode)(upper | (message[3] & 0xF)),
            (message[2] & 4) != 0,
            (message[2] & 2) != 0,
            question,
            answers,
            authority
        );
        return true;
    }

    private static bool TryReadSection(
        ReadOnlySpan<byte> message,
        int count,
        ref int at,
        out ImmutableArray<DnsRecord> records
    )
    {
        records = [];
        var read = ImmutableArray.CreateBuilder<DnsRecord>();
        for (var i = 0; i < count; i++)
        {
            if (!DnsRecord.TryRead(message, ref at, out var record))
                return false;
            read.Add(record!);
        }

        records = read.ToImmutable();
        return true;
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) =>
        BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static DomainName? NameOf(DnsRecord record) =>
        record.Class == DnsClass.IN && DomainName.TryParse(record.Name, null, out var name) ? name : null;
}
