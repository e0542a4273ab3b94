using System.Buffers.Binary;
using System.Net;
using Esddns.Simulator.LiveDns;
using Esddns.Simulator.Net;
using Esddns.Simulator.Wan;

namespace Esddns.Simulator.Dns;

/// <summary>The authoritative name server of all zones in the simulated LiveDNS. A change is visible at once.</summary>
internal sealed class DnsResponder(LiveDnsWorld world, WanAddresses wan) : IResponder
{
    private const uint NegativeTtl = 300;

    /// <inheritdoc/>
    public (string Udp, string Tcp) Services => ("dns", "dns");

    /// <inheritdoc/>
    public byte[]? Answer(ReadOnlySpan<byte> message, IPEndPoint from, bool overTcp, IPAddress? wrongAddress)
    {
        if (!DnsQuery.TryRead(message, out var query, out var id))
            return id is { } n ? DnsAnswer.WriteError(n, DnsCode.FormErr) : null;
        if (query!.OpCode != 0)
            return DnsAnswer.Write(query, DnsCode.NotImp, false, [], [], overTcp);
        if (Whoami(query, wrongAddress, overTcp) is { } whoami)
            return whoami;
        lock (world.Gate)
        {
            var zone = world
                .Accounts.SelectMany(a => a.Zones)
                .Where(z => IsWithin(query.Name, z.Fqdn))
                .MaxBy(z => z.Fqdn.Length);
            return zone is null || query.Class != 1
                ? DnsAnswer.Write(query, DnsCode.Refused, false, [], [], overTcp)
                : AnswerFrom(zone, query, overTcp);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, false, cancellationToken) < 2)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return message;
    }

    /// <inheritdoc/>
    public byte[] Frame(byte[] answer) => [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];

    /// <summary>
    /// Answers the queries for which OpenDNS, Cloudflare and Google return the address of the client.
    /// </summary>
    private byte[]? Whoami(DnsQuery query, IPAddress? wrongAddress, bool overTcp)
    {
        var (seen, asText) = (query.Name.ToUpperInvariant(), query.Type, query.Class) switch
        {
            ("MYIP.OPENDNS.COM", DnsType.A, 1) => (wrongAddress ?? wan.IPv4, false),
            ("MYIP.OPENDNS.COM", DnsType.AAAA, 1) => (wrongAddress ?? wan.IPv6, false),
            ("WHOAMI.CLOUDFLARE", DnsType.TXT, 3) or ("O-O.MYADDR.L.GOOGLE.COM", DnsType.TXT, 1) => (
                wrongAddress ?? wan.IPv4,
                true
            ),
            _ => (null, false),
        };
        if (seen is null)
            return null;
        var data = asText ? DnsAnswer.Data(DnsType.TXT, seen.ToString()) : seen.GetAddressBytes();
        return DnsAnswer.Write(
            query,
            DnsCode.NoError,
            true,
            [new DnsRecord(query.Name, query.Type, 0, data)],
            [],
            overTcp
        );
    }

    private static byte[] AnswerFrom(SimZone zone, DnsQuery query, bool overTcp)
    {
        var owner = query.Name.Length == zone.Fqdn.Length ? "@" : query.Name[..^(zone.Fqdn.Length + 1)];
        DnsRecord[] soa =
        [
            new(
                zone.Fqdn,
                DnsType.SOA,
                NegativeTtl,
                DnsAnswer.Soa(zone.NameServers[0], "hostmaster.gandi.net", zone.Serial)
            ),
        ];
        if (owner == "@" && query.Type == DnsType.SOA)
            return DnsAnswer.Write(query, DnsCode.NoError, true, soa, [], overTcp);
        if (owner == "@" && query.Type == DnsType.NS)
            return DnsAnswer.Write(
                query,
                DnsCode.NoError,
                true,
                [.. zone.NameServers.Select(n => new DnsRecord(query.Name, DnsType.NS, 10_800, DnsAnswer.Name(n)))],
                [],
                overTcp
            );

        if (Delegation(zone, owner) is { } cut)
        {
            var name = $"{cut.Name}.{zone.Fqdn}";
            var servers = cut.Values.Select(v => new DnsRecord(name, DnsType.NS, (uint)cut.Ttl, DnsAnswer.Name(v)));
            return DnsAnswer.Write(query, DnsCode.NoError, false, [], [.. servers], overTcp);
        }

        var at = zone.Has(owner) ? owner : Wildcard(zone, owner);
        if (at is null)
        {
            var code = owner == "@" || IsEmptyNonTerminal(zone, owner) ? DnsCode.NoError : DnsCode.NxDomain;
            return DnsAnswer.Write(query, code, true, [], soa, overTcp);
        }

        DnsRecord[] answers = [.. Stored(zone, at, query.Name, query.Type)];
        // RFC 1034 section 4.3.2: the answer for an alias in the zone includes the records of its target.
        if (
            zone.FindAnyCase(at, "CNAME")?.Values[0].TrimEnd('.') is { } target
            && IsWithin(target, zone.Fqdn)
            && target.Length > zone.Fqdn.Length
        )
            answers = [.. answers, .. Stored(zone, target[..^(zone.Fqdn.Length + 1)], target, query.Type)];
        return DnsAnswer.Write(query, DnsCode.NoError, true, answers, answers.Length == 0 ? soa : [], overTcp);
    }

    /// <summary>
    /// The records of a type, or the CNAME, stored at <paramref name="at"/>, with the name <paramref name="asName"/>.
    /// </summary>
    private static IEnumerable<DnsRecord> Stored(SimZone zone, string at, string asName, ushort wanted) =>
        from rrset in zone.RRsets
        let type = DnsType.Of(rrset.Type)
        where rrset.Name.Equals(at, StringComparison.OrdinalIgnoreCase) && (type == wanted || type == DnsType.CNAME)
        from value in rrset.Values
        select new DnsRecord(asName, type.Value, (uint)rrset.Ttl, DnsAnswer.Data(type.Value, value));

    /// <summary>
    /// The delegation at or above a name: NS records below the apex. Other servers are authoritative for the names
    /// below.
    /// </summary>
    private static SimRRset? Delegation(SimZone zone, string owner) =>
        zone.RRsets.Where(r => r.Type == "NS" && r.Name != "@" && IsWithin(owner, r.Name)).MinBy(r => r.Name.Length);

    /// <summary>
    /// The wildcard that covers a name that does not exist: only the one at the closest encloser (RFC 4592).
    /// </summary>
    private static string? Wildcard(SimZone zone, string owner)
    {
        if (owner == "@" || IsEmptyNonTerminal(zone, owner))
            return null;
        var labels = owner.Split('.');
        for (var i = 1; i <= labels.Length; i++)
        {
            var parent = string.Join('.', labels[i..]);
            var wildcard = parent.Length == 0 ? "*" : $"*.{parent}";
            if (zone.Has(wildcard))
                return wildcard;
            if (parent.Length > 0 && (zone.Has(parent) || IsEmptyNonTerminal(zone, parent)))
                return null;
        }

        return null;
    }

    private static bool IsEmptyNonTerminal(SimZone zone, string owner) =>
        zone.RRsets.Any(r => r.Name.EndsWith("." + owner, StringComparison.OrdinalIgnoreCase));

    private static bool IsWithin(string name, string zone) =>
        name.Equals(zone, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase);
}
