namespace Esddns.Operator.Dns;

/// <summary>The type of an address record (RFC 1035 section 3.4.1, RFC 3596).</summary>
internal enum RecordType
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    AAAA,
}

/// <summary>Where a provider has an RRset: its zone, its owner name and its type.</summary>
internal sealed record RecordKey(DomainName Zone, OwnerName Name, RecordType Type)
{
    /// <summary>The name that resolvers ask for.</summary>
    public Fqdn Fqdn => Dns.Fqdn.Of(Name, Zone);

    /// <summary>What is there, wherever that is.</summary>
    public RecordId Id => new(Fqdn, Type);

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();
}
