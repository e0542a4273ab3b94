using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Api;

/// <summary>
/// The names by which the API may be called. A web page whose name was pointed to this address (DNS rebinding) calls by
/// the name of the page, and must not get an answer: its browser would let it read that.
/// </summary>
internal sealed class AllowedHosts
{
    private const string Service = "esddns-operator";
    private const string DefaultNamespace = "esddns-system";
    private readonly HashSet<string> _names;

    /// <summary>The names of this host, those of the Service in the cluster, and the configured ones.</summary>
    /// <param name="configured">Further names.</param>
    /// <param name="clusterNamespace">The namespace of the Service; null for the usual one.</param>
    public AllowedHosts(IEnumerable<string> configured, string? clusterNamespace = null)
    {
        var service = $"{Service}.{clusterNamespace ?? DefaultNamespace}";
        var host = System.Net.Dns.GetHostName();
        var label = host.Split('.')[0];
        _names = new HashSet<string>(
            [
                "localhost",
                "ip6-localhost",
                "ip6-loopback",
                host,
                label,
                $"{label}.local",
                Service,
                service,
                $"{service}.svc",
                $"{service}.svc.cluster.local",
                .. configured,
            ],
            StringComparer.OrdinalIgnoreCase
        );
    }

    /// <summary>
    /// Whether a request may name <paramref name="host"/>. None at all is what only programs send (HTTP/1.0).
    /// </summary>
    public bool Allow(HostString host)
    {
        if (!host.HasValue)
            return true;
        var name = host.Host.EndsWith('.') ? host.Host[..^1] : host.Host;
        return IsAddress(name) || IsLoopbackName(name) || _names.Contains(name);
    }

    /// <summary>
    /// An address cannot be rebound, whosever it is: behind a Service, a NAT or the API server's proxy it is not the
    /// host's own. Only the usual form is one: others, as "1" or "127.1", are names to some resolvers.
    /// </summary>
    private static bool IsAddress(string name) =>
        IPAddress.TryParse(name, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? name.StartsWith('[') : address.ToString() == name);

    /// <summary>Names that no resolver asks others about (RFC 6761, section 6.3).</summary>
    private static bool IsLoopbackName(string name) => name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
