using System.Net;
using Esddns.Operator.Net;

namespace Esddns.Operator.Agreement;

/// <summary>An address range that is not assigned to any host on the public internet.</summary>
/// <param name="Name">The name used in the configuration. Several ranges may share one name.</param>
/// <param name="Network">The network.</param>
internal sealed record SpecialPurposeRange(string Name, IPNetwork Network);

/// <summary>
/// The ranges whose addresses are not usable: the IANA special-purpose address registries (RFC 6890), multicast, and
/// for IPv6 all addresses outside of global unicast:
/// <see href="https://www.iana.org/assignments/iana-ipv4-special-registry/"/> and
/// <see href="https://www.iana.org/assignments/iana-ipv6-special-registry/"/>. The list
/// includes globally reachable ranges: they are anycast addresses of a service, such as AS112 and AMT, and are not
/// assigned to subscribers.
/// </summary>
internal static class SpecialPurposeRanges
{
    /// <summary>The range between subscriber and carrier (RFC 6598).</summary>
    public const string SharedAddressSpace = "shared-address-space";

    /// <summary>The range of DS-Lite and 464XLAT (RFC 7335).</summary>
    public const string ServiceContinuity = "ipv4-service-continuity";

    private const string Mapped = "ipv4-mapped";

    /// <summary>
    /// The ranges. Where ranges overlap, the most specific comes first. The blocks 192.0.0.0/24 and 2001::/23 include
    /// all assignments within them.
    /// </summary>
    public static IReadOnlyList<SpecialPurposeRange> All { get; } =
    [
        Range("this-network", "0.0.0.0/8"),
        Range("private-use", "10.0.0.0/8"),
        Range(SharedAddressSpace, "100.64.0.0/10"),
        Range("loopback", "127.0.0.0/8"),
        Range("link-local", "169.254.0.0/16"),
        Range("private-use", "172.16.0.0/12"),
        Range(ServiceContinuity, "192.0.0.0/29"),
        Range("ietf-protocol-assignments", "192.0.0.0/24"),
        Range("documentation", "192.0.2.0/24"),
        Range("as112", "192.31.196.0/24"),
        Range("amt", "192.52.193.0/24"),
        Range("6to4-relay-anycast", "192.88.99.0/24"),
        Range("private-use", "192.168.0.0/16"),
        Range("as112", "192.175.48.0/24"),
        Range("benchmarking", "198.18.0.0/15"),
        Range("documentation", "198.51.100.0/24"),
        Range("documentation", "203.0.113.0/24"),
        Range("multicast", "224.0.0.0/4"),
        Range("reserved", "240.0.0.0/4"),
        Range("loopback", "::1/128"),
        Range("unspecified", "::/128"),
        Range(Mapped, "::ffff:0:0/96"),
        Range("ipv4-ipv6-translation", "64:ff9b::/96"),
        Range("ipv4-ipv6-translation", "64:ff9b:1::/48"),
        Range("discard-only", "100::/64"),
        Range("dummy", "100:0:0:1::/64"),
        Range("teredo", "2001::/32"),
        Range("benchmarking", "2001:2::/48"),
        Range("amt", "2001:3::/32"),
        Range("as112", "2001:4:112::/48"),
        Range("orchid", "2001:10::/28"),
        Range("orchid", "2001:20::/28"),
        Range("drone-remote-id", "2001:30::/28"),
        Range("ietf-protocol-assignments", "2001::/23"),
        Range("documentation", "2001:db8::/32"),
        Range("6to4", "2002::/16"),
        Range("as112", "2620:4f:8000::/48"),
        // The 6bone range was returned (RFC 3701).
        Range("6bone", "3ffe::/16"),
        Range("documentation", "3fff::/20"),
        Range("segment-routing", "5f00::/16"),
        Range("unique-local", "fc00::/7"),
        Range("link-local", "fe80::/10"),
        Range("multicast", "ff00::/8"),
        Range("not-global-unicast", "::/3"),
        Range("not-global-unicast", "4000::/2"),
        Range("not-global-unicast", "8000::/1"),
    ];

    /// <summary>
    /// The names that the configuration may allow. IPv4-mapped addresses are excluded: such an address never identifies
    /// a host.
    /// </summary>
    public static IReadOnlySet<string> Names { get; } =
        All.Select(r => r.Name).Where(n => n != Mapped).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The range that contains <paramref name="address"/>; null when a host on the internet can have the address.
    /// </summary>
    public static SpecialPurposeRange? Find(IPAddress address) => All.FirstOrDefault(r => r.Network.Covers(address));

    private static SpecialPurposeRange Range(string name, string network) => new(name, IPNetwork.Parse(network));
}
