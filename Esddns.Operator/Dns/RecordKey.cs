using Esddns.Operator.Discovery;

namespace Esddns.Operator.Dns;

/// <summary>The type of an address record (RFC 1035 section 3.4.1, RFC 3596).</summary>
internal enum RecordType
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    AAAA,
}

/// <summary>The family of a type's addresses.</summary>
internal static class RecordTypeExtensions
{
    /// <summary>IPv4 for A, IPv6 for AAAA.</summary>
    public static IpFamily Family(this RecordType type) => type == RecordType.A ? IpFamily.IPv4 : IpFamily.IPv6;
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
