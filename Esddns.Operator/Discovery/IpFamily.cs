using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Discovery;

/// <summary>A version of the Internet Protocol. Each has addresses, sources and a verdict of its own.</summary>
internal enum IpFamily
{
    /// <summary>IPv4.</summary>
    IPv4,

    /// <summary>IPv6.</summary>
    IPv6,
}

/// <summary>How .NET names the families.</summary>
internal static class IpFamilyExtensions
{
    /// <summary>For sockets and look-ups.</summary>
    public static AddressFamily ToAddressFamily(this IpFamily family) =>
        family == IpFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>
    /// Whether <paramref name="address"/> is of this family. An IPv4-mapped address (RFC 4291 section 2.5.5.2) is of
    /// none: it never stands for a host on the wire.
    /// </summary>
    public static bool Includes(this IpFamily family, IPAddress address) =>
        address.AddressFamily == family.ToAddressFamily() && !address.IsIPv4MappedToIPv6;

    /// <summary>The family of a record type's addresses: IPv4 for A, IPv6 for AAAA.</summary>
    public static IpFamily Family(this RecordType type) => type == RecordType.A ? IpFamily.IPv4 : IpFamily.IPv6;
}
