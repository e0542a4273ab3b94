namespace Esddns.Operator.Dns;

/// <summary>All records of one name and type (RFC 2181 section 5).</summary>
/// <param name="Key">In the case in which the provider stores the name.</param>
/// <param name="Ttl">Time to live, in seconds.</param>
/// <param name="Values">The addresses.</param>
/// <param name="Href">Where the provider's API has it, when known.</param>
internal sealed record RRset(RecordKey Key, int Ttl, AddressSet Values, string? Href = null);
