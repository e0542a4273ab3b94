using System.Net;

namespace Esddns.Operator.Agreement;

/// <summary>A range that nobody is reachable at from the internet, under its name in the registry.</summary>
internal sealed record SpecialPurposeRange(string Name, IPNetwork Network);

/// <summary>
/// The IANA special-purpose address registries (RFC 6890) as far as they are not globally reachable, with multicast and, for
/// IPv6, all that lies outside of global unicast: <see href="https://www.iana.org/assignments/iana-ipv4-special-registry/"/> and
/// <see href="https://www.iana.org/assignments/iana-ipv6-special-registry/"/>.
/// </summary>
internal static class SpecialPurposeRanges
{
    /// <summary>Most specific first where ranges overlap.</summary>
    public static IReadOnlyList<SpecialPurposeRange> All { get; } =
    [
        Range("this-network", "0.0.0.0/8"),
        Range("private-use", "10.0.0.0/8"),
        Range("shared-address-space", "100.64.0.0/10"),
        Range("loopback", "127.0.0.0/8"),
        Range("link-local", "169.254.0.0/16"),
        Range("private-use", "172.16.0.0/12"),
        Range("ietf-protocol-assignments", "192.0.0.0/24"),
        Range("documentation", "192.0.2.0/24"),
        Range("6to4-relay-anycast", "192.88.99.0/24"),
        Range("private-use", "192.168.0.0/16"),
        Range("benchmarking", "198.18.0.0/15"),
        Range("documentation", "198.51.100.0/24"),
        Range("documentation", "203.0.113.0/24"),
        Range("multicast", "224.0.0.0/4"),
        Range("reserved", "240.0.0.0/4"),

        Range("loopback", "::1/128"),
        Range("unspecified", "::/128"),
        Range("ipv4-mapped", "::ffff:0:0/96"),
        Range("ipv4-ipv6-translation", "64:ff9b::/96"),
        Range("ipv4-ipv6-translation", "64:ff9b:1::/48"),
        Range("discard-only", "100::/64"),
        Range("teredo", "2001::/32"),
        Range("benchmarking", "2001:2::/48"),
        Range("orchid", "2001:10::/28"),
        Range("orchid", "2001:20::/28"),
        Range("ietf-protocol-assignments", "2001::/23"),
        Range("documentation", "2001:db8::/32"),
        Range("6to4", "2002::/16"),
        Range("documentation", "3fff::/20"),
        Range("segment-routing", "5f00::/16"),
        Range("unique-local", "fc00::/7"),
        Range("link-local", "fe80::/10"),
        Range("multicast", "ff00::/8"),
        Range("not-global-unicast", "::/3"),
        Range("not-global-unicast", "4000::/2"),
        Range("not-global-unicast", "8000::/1"),
    ];

    /// <summary>The names that configuration may allow.</summary>
    public static IReadOnlySet<string> Names { get; } = All.Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The range that <paramref name="address"/> is in, or null when it can be reached from anywhere.</summary>
    public static SpecialPurposeRange? Find(IPAddress address) => All.FirstOrDefault(r => r.Network.Contains(address));

    private static SpecialPurposeRange Range(string name, string network) => new(name, IPNetwork.Parse(network));
}
