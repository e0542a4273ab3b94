using System.Net;
using Esddns.Operator.Discovery.PublicSuffixes;
using Esddns.Text;

namespace Esddns.Operator.Discovery;

/// <summary>Who is asked. All texts are cleaned here, because nodes pass on sources of theirs.</summary>
/// <param name="Name">Unique among the sources, e.g. <c>stun://stun.example.net:3478</c>. It carries no secret.</param>
/// <param name="Class">The way it is asked.</param>
/// <param name="Operator">The provider: all servers of one company are one witness. In lower case.</param>
/// <param name="Via">The node that asked and passed it on; null when this host asked.</param>
internal sealed record SourceId(string Name, EvidenceClass Class, string Operator, string? Via = null)
{
    /// <summary>Well-known resolvers that are addressed by number.</summary>
    private static readonly Dictionary<string, string> s_numbers = new()
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
    public string Name { get; } = ForeignText.Clean(Name);

    /// <inheritdoc cref="SourceId(string, EvidenceClass, string, string?)"/>
    public string Operator { get; } = ForeignText.Clean(Operator).ToLowerInvariant();

    /// <inheritdoc cref="SourceId(string, EvidenceClass, string, string?)"/>
    public string? Via { get; } = Via is null ? null : ForeignText.Clean(Via);

    /// <summary>Whether the answer proves who gave it: over TLS, or by the host's own kernel.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>
    /// The source at <paramref name="server"/>. Its name is scheme, host and port alone: user, path and query may hold
    /// a secret.
    /// </summary>
    /// <param name="server">Where it is asked.</param>
    /// <param name="class">The way it is asked.</param>
    /// <param name="number">Which one it is of several with one scheme, host and port. From 1.</param>
    public static SourceId Of(Uri server, EvidenceClass @class, int number = 1)
    {
        var name = NameOf(server);
        return new(number == 1 ? name : $"{name} ({number})", @class, ProviderOf(server))
        {
            IsAuthenticated = server.Scheme == Uri.UriSchemeHttps,
        };
    }

    /// <summary>Scheme, host and port.</summary>
    public static string NameOf(Uri server) =>
        server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>
    /// Who runs <paramref name="server"/>: the fragment of its address when there is one (<c>#acme</c>, never sent),
    /// else the registrable domain of its host. A number stands for itself, and for its owner where that is well known;
    /// the port is of no account.
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
        return s_numbers.GetValueOrDefault(number, number);
    }
}
