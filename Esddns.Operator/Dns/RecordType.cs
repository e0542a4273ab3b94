using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Net;

namespace Esddns.Operator.Dns;

/// <summary>The type of an address record (RFC 1035 section 3.4.1, RFC 3596).</summary>
internal enum RecordType
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    AAAA,
}

/// <summary>The address family and the wire type of each record type.</summary>
internal static class RecordTypeExtensions
{
    /// <summary>The address family: IPv4 for A, IPv6 for AAAA.</summary>
    public static IpFamily Family(this RecordType type) => type == RecordType.A ? IpFamily.IPv4 : IpFamily.IPv6;

    /// <summary>The record type of the family's addresses.</summary>
    public static RecordType ToRecordType(this IpFamily family) =>
        family == IpFamily.IPv4 ? RecordType.A : RecordType.AAAA;

    /// <summary>The wire type of an address record.</summary>
    public static DnsType ToDns(this RecordType type) => type == RecordType.A ? DnsType.A : DnsType.AAAA;
}
