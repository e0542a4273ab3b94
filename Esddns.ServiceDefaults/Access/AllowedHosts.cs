using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Esddns.Access;

/// <summary>
/// The host names under which a service may be called. In a DNS rebinding attack, a web page points its own name to
/// this address. Such a request carries the name of the page, and must be rejected, because the browser lets the page
/// read the answer.
/// </summary>
internal sealed class AllowedHosts
{
    private readonly HashSet<string> _names;

    /// <summary>Allows the names of this host and further ones.</summary>
    /// <param name="further">Additional names, without port.</param>
    public AllowedHosts(params IEnumerable<string> further)
    {
        var host = System.Net.Dns.GetHostName();
        var label = host.Split('.')[0];
        _names = new HashSet<string>(
            ["localhost", "ip6-localhost", "ip6-loopback", host, label, $"{label}.local", .. further],
            StringComparer.OrdinalIgnoreCase
        );
    }

    /// <summary>
    /// Whether a request with the host <paramref name="host"/> is allowed. A request without a host is allowed:
    /// browsers always send one (HTTP/1.0 programs do not).
    /// </summary>
    public bool Allow(HostString host)
    {
        if (!host.HasValue)
            return true;
        var name = host.Host.EndsWith('.') ? host.Host[..^1] : host.Host;
        return IsAddress(name) || IsLoopbackName(name) || _names.Contains(name);
    }

    /// <summary>
    /// IP addresses are always allowed, because DNS rebinding needs a name. The address need not be one of this host: a
    /// Service, a NAT or the API server's proxy has its own. Only the canonical form counts: resolvers may treat other
    /// forms, such as "1" or "127.1", as names.
    /// </summary>
    private static bool IsAddress(string name) =>
        IPAddress.TryParse(name, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? name.StartsWith('[') : address.ToString() == name);

    /// <summary>Names that resolvers do not look up in DNS (RFC 6761 section 6.3).</summary>
    private static bool IsLoopbackName(string name) => name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
