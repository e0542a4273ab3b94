using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.Dns.Wire;

/// <summary>The RRset of one owner and type in a response (RFC 2181 section 5).</summary>
/// <param name="Records">The records; empty when there are none.</param>
/// <param name="Alias">The target when the owner has a CNAME record; the address records, if any, then belong to the
/// target.</param>
internal sealed record DnsRRset(ImmutableArray<DnsRecord> Records, string? Alias)
{
    /// <summary>
    /// The TTL in seconds: the shortest of several (section 5.2); 0 when the highest bit is set (section 8).
    /// </summary>
    public int Ttl => Records.Select(r => r.Ttl > int.MaxValue ? 0 : (int)r.Ttl).DefaultIfEmpty().Min();

    /// <summary>The addresses; null when a record is not a valid address.</summary>
    public AddressSet? Addresses =>
        Records.All(r => r.Address is not null)
            ? new AddressSet(Records.Select(r => r.Address).OfType<IPAddress>())
            : null;

    /// <summary>Whether both RRsets are equal, ignoring the owner.</summary>
    public bool IsLike(DnsRRset other) =>
        string.Equals(Alias, other.Alias, StringComparison.OrdinalIgnoreCase)
        && Equals(Addresses, other.Addresses)
        && Ttl == other.Ttl;
}
