using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Net;

namespace Esddns.Operator.Agreement;

/// <summary>
/// Detects signs that a reported address is the exit of a proxy or VPN. The signs are reported; they do not change the
/// verdict.
/// </summary>
internal static class ProxySigns
{
    /// <summary>Ranges that content networks and resolvers use for their own traffic, not for subscribers.</summary>
    private static readonly (string Owner, IPNetwork Network)[] s_owned =
    [
        .. Of(
            "Cloudflare",
            "103.21.244.0/22",
            "103.22.200.0/22",
            "103.31.4.0/22",
            "104.16.0.0/13",
            "104.24.0.0/14",
            "104.28.0.0/16",
            "108.162.192.0/18",
            "131.0.72.0/22",
            "141.101.64.0/18",
            "162.158.0.0/15",
            "172.64.0.0/13",
            "173.245.48.0/20",
            "188.114.96.0/20",
            "190.93.240.0/20",
            "197.234.240.0/22",
            "198.41.128.0/17",
            "1.1.1.0/24",
            "1.0.0.0/24",
            "2400:cb00::/32",
            "2405:8100::/32",
            "2405:b500::/32",
            "2606:4700::/32",
            "2803:f800::/32",
            "2a06:98c0::/29",
            "2c0f:f248::/32"
        ),
        .. Of("Google", "8.8.8.0/24", "8.8.4.0/24", "2001:4860::/32"),
        .. Of("Fastly", "151.101.0.0/16", "199.232.0.0/16", "2a04:4e40::/32"),
        .. Of("Quad9", "9.9.9.0/24", "149.112.112.0/24", "2620:fe::/48"),
        .. Of("OpenDNS", "208.67.216.0/21", "2620:119::/48"),
    ];

    /// <summary>The signs in these observations, one sentence each.</summary>
    public static ImmutableArray<string> Find(IReadOnlyCollection<Observation.Seen> seen)
    {
        var owned =
            from address in seen.Select(s => s.Address).Distinct()
            let owner = s_owned.FirstOrDefault(o => o.Network.Covers(address)).Owner
            where owner is not null
            select $"{address} belongs to {owner}: a proxy or VPN of {owner} may carry this traffic";
        return [.. owned, .. FindDifferingClasses(seen)];
    }

    /// <summary>Each evidence class agrees on one address, but the classes report different addresses.</summary>
    private static IEnumerable<string> FindDifferingClasses(IReadOnlyCollection<Observation.Seen> seen)
    {
        var classes = seen.GroupBy(s => s.Source.Class)
            .Select(g => (Class: g.Key, Addresses: g.Select(s => s.Address).Distinct().ToArray(), Count: g.Count()))
            .ToArray();
        if (classes.Length < 2 || classes.Any(c => c.Addresses.Length > 1) || !classes.Any(c => c.Count > 1))
            yield break;
        if (classes.Select(c => c.Addresses[0]).Distinct().Count() < 2)
            yield break;
        var answers = string.Join(", ", classes.Select(c => $"{c.Class}: {c.Addresses[0]}"));
        yield return $"the evidence classes report different addresses ({answers}): a proxy or VPN may be in use";
    }

    private static IEnumerable<(string Owner, IPNetwork Network)> Of(string owner, params string[] networks) =>
        networks.Select(n => (owner, IPNetwork.Parse(n)));
}
