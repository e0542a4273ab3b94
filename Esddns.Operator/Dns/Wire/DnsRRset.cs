using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.Dns.Wire;

/// <summary>What a response says of one owner and type (RFC 2181 section 5).</summary>
/// <param name="Records">The records; empty when there are none.</param>
/// <param name="Alias">The name that the owner is an alias of, by a CNAME record; then the records, if any, are not its
/// own.</param>
internal sealed record DnsRRset(ImmutableArray<DnsRecord> Records, string? Alias)
{
    /// <summary>
    /// The time to live in seconds: of several, the shortest (section 5.2); with the highest bit set, 0 (section 8).
    /// </summary>
    public int Ttl => Records.IsEmpty ? 0 : Records.Min(r => r.Ttl > int.MaxValue ? 0 : (int)r.Ttl);

    /// <summary>The addresses; null when a record holds something else.</summary>
    public AddressSet? Addresses =>
        Records.All(r => r.Address is not null)
            ? new AddressSet(Records.Select(r => r.Address).OfType<IPAddress>())
            : null;

    /// <summary>Whether both say the same, but for the owner.</summary>
    public bool IsLike(DnsRRset other) =>
        string.Equals(Alias, other.Alias, StringComparison.OrdinalIgnoreCase)
        && Equals(Addresses, other.Addresses)
        && Ttl == other.Ttl;
}
