namespace Esddns.Operator.Dns;

/// <summary>The type of an address record (RFC 1035 section 3.4.1, RFC 3596).</summary>
internal enum RecordType
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    AAAA,
}

/// <summary>What names an RRset: its zone, its owner name and its type.</summary>
internal sealed record RecordKey(DomainName Zone, OwnerName Name, RecordType Type)
{
    /// <summary>The name that resolvers ask for.</summary>
    public string Fqdn => Name.Equals(OwnerName.Apex) ? Zone.ToString() : $"{Name}.{Zone}";

    /// <inheritdoc/>
    public override string ToString() => $"{Fqdn} {Type}";
}
