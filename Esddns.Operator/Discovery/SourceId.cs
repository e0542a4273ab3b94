using System.Net;
using Esddns.Operator.Discovery.PublicSuffixes;
using Esddns.Text;

namespace Esddns.Operator.Discovery;

/// <summary>
/// The identity of an address source. All texts are cleaned here, because other nodes pass on their sources.
/// </summary>
/// <param name="Name">The name, unique among the sources, e.g. <c>stun://stun.example.net:3478</c>. It contains no
/// secret.</param>
/// <param name="Class">The evidence class.</param>
/// <param name="Provider">The provider of the source, in lower case. All servers of one provider have one vote.</param>
/// <param name="Via">The node that polled the source and passed the observation on; null when this host polled
/// it.</param>
internal sealed record SourceId(string Name, EvidenceClass Class, string Provider, string? Via = null)
{
    /// <summary>The providers of well-known resolvers that are configured by IP address.</summary>
    private static readonly Dictionary<string, string> s_knownAddresses = new()
    {
        ["1.1.1.1"] = "cloudflare.com",
        ["1.0.0.1"] = "cloudflare.com",
        ["2606:4700:4700::1111"] = "cloudflare.com",
        ["2606:4700:4700::1001"] = "cloudflare.com",
        ["8.8.8.8"] = "google.com",
        ["8.8.4.4"] = "google.com",
        ["2001:4860:4860::8888"] = "google.com",
        ["2001:4860:4860::8844"] = "google.com",
        ["9.9.9.9"] = "quad9.net",
        ["149.112.112.112"] = "quad9.net",
        ["2620:fe::fe"] = "quad9.net",
        ["2620:fe::9"] = "quad9.net",
        ["208.67.222.222"] = "opendns.com",
        ["208.67.220.220"] = "opendns.com",
        ["2620:119:35::35"] = "opendns.com",
        ["2620:119:53::53"] = "opendns.com",
    };

    /// <inheritdoc cref="SourceId(string, EvidenceClass, string, string?)"/>
    public string Name { get; } = UntrustedText.Clean(Name);

    /// <inheritdoc cref="SourceId(string, EvidenceClass, string, string?)"/>
    public string Provider { get; } = UntrustedText.Clean(Provider).ToLowerInvariant();

    /// <inheritdoc cref="SourceId(string, EvidenceClass, string, string?)"/>
    public string? Via { get; } = Via is null ? null : UntrustedText.Clean(Via);

    /// <summary>
    /// Whether the response is authenticated: by TLS, or because it comes from the kernel of this host.
    /// </summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>
    /// The source at <paramref name="server"/>. Its name has only scheme, host and port, because user, path and query
    /// may contain a secret.
    /// </summary>
    /// <param name="server">The address of the source.</param>
    /// <param name="class">The evidence class.</param>
    /// <param name="number">The number of the source among those with the same scheme, host and port. Starts at
    /// 1.</param>
    public static SourceId Of(Uri server, EvidenceClass @class, int number = 1)
    {
        var name = NameOf(server);
        return new(number == 1 ? name : $"{name} ({number})", @class, ProviderOf(server))
        {
            IsAuthenticated = server.Scheme == Uri.UriSchemeHttps,
        };
    }

    /// <summary>The name of a source: scheme, host and port.</summary>
    public static string NameOf(Uri server) =>
        server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>
    /// The provider of <paramref name="server"/>: the fragment of the address (<c>#acme</c>), which is never sent.
    /// Without a fragment, it is the registrable domain of the host. A well-known IP address maps to its owner; any
    /// other IP address is its own provider. The port does not matter.
    /// </summary>
    public static string ProviderOf(Uri server)
    {
        var named = Uri.UnescapeDataString(server.Fragment.TrimStart('#')).Trim();
        if (named.Length > 0)
            return named.ToLowerInvariant();
        var host = server.IdnHost.Trim('[', ']').ToLowerInvariant();
        if (!IPAddress.TryParse(host, out var address))
            return PublicSuffixList.RegistrableDomain(host) ?? host.TrimEnd('.');
        var number = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        return s_knownAddresses.GetValueOrDefault(number, number);
    }
}
