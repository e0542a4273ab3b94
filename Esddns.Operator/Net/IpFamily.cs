using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Net;

/// <summary>An address family. Each family has its own addresses, sources and verdict.</summary>
internal enum IpFamily
{
    /// <summary>IPv4.</summary>
    IPv4,

    /// <summary>IPv6.</summary>
    IPv6,
}

/// <summary>Conversions of <see cref="IpFamily"/>.</summary>
internal static class IpFamilyExtensions
{
    /// <summary>The .NET address family, for sockets and name resolution.</summary>
    public static AddressFamily ToAddressFamily(this IpFamily family) =>
        family == IpFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>
    /// Whether <paramref name="address"/> belongs to this family. An IPv4-mapped address (RFC 4291 section 2.5.5.2)
    /// belongs to neither: it never identifies a host on the wire.
    /// </summary>
    public static bool Includes(this IpFamily family, IPAddress address) =>
        address.AddressFamily == family.ToAddressFamily() && !address.IsIPv4MappedToIPv6;
}
