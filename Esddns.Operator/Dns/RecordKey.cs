namespace Esddns.Operator.Dns;

/// <summary>The location of an RRset at the DNS provider: zone, owner name and type.</summary>
internal sealed record RecordKey(DomainName Zone, OwnerName Name, RecordType Type)
{
    /// <summary>The name that resolvers query.</summary>
    public Fqdn Fqdn => Dns.Fqdn.Of(Name, Zone);

    /// <summary>The identity of the record, without its zone.</summary>
    public RecordId Id => new(Fqdn, Type);

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();
}
