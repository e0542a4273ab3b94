using System.Net;

namespace Esddns.Operator.Discovery;

/// <summary>The way in which evidence was gained: sources of one class can be fooled in one way.</summary>
internal enum EvidenceClass
{
    /// <summary>A STUN server's word (RFC 8489).</summary>
    Stun,

    /// <summary>The answer of an HTTPS echo service.</summary>
    Https,

    /// <summary>The answer of a name server that tells whom it sees.</summary>
    Dns,

    /// <summary>An address on one of the host's own interfaces.</summary>
    Interface,
}

/// <summary>Who is asked.</summary>
/// <param name="Name">Unique among the sources, e.g. <c>stun+udp://stun.example.net:3478</c>.</param>
/// <param name="Class">The way it is asked.</param>
/// <param name="Operator">Who runs it: all servers of one company are one witness.</param>
/// <param name="Via">The node that asked and passed it on; null when this host asked.</param>
internal sealed record SourceId(string Name, EvidenceClass Class, string Operator, string? Via = null)
{
    /// <summary>Well-known resolvers that are addressed by number.</summary>
    private static readonly Dictionary<string, string> s_numbers = new()
    {
        ["1.1.1.1"] = "cloudflare.com",
        ["1.0.0.1"] = "cloudflare.com",
        ["8.8.8.8"] = "google.com",
        ["8.8.4.4"] = "google.com",
        ["9.9.9.9"] = "quad9.net",
        ["208.67.222.222"] = "opendns.com",
        ["208.67.220.220"] = "opendns.com",
    };

    /// <summary>
    /// The source at <paramref name="server"/>. Its operator is the fragment of the address when there is one (<c>#acme</c>, never
    /// sent), else the last two labels of the host's name, which puts too many together rather than too few; a number stands
    /// for itself.
    /// </summary>
    public static SourceId Of(Uri server, EvidenceClass @class) =>
        new(server.GetLeftPart(UriPartial.Path).TrimEnd('/'), @class, server.Fragment.Length > 1 ? server.Fragment[1..] : OperatorOf(server));

    private static string OperatorOf(Uri server)
    {
        if (s_numbers.TryGetValue(server.Host, out var known)) return known;
        return server.HostNameType == UriHostNameType.Dns && server.Host.Split('.') is { Length: >= 2 } labels
            ? string.Join('.', labels[^2..])
            : server.Authority;
    }
}

/// <summary>What came of asking one source once.</summary>
internal abstract record Observation(SourceId Source)
{
    /// <summary>The source says that we are reachable at <paramref name="Address"/>.</summary>
    internal sealed record Seen(SourceId Source, IPAddress Address) : Observation(Source);

    /// <summary>The source said nothing that can be used. That is not a word about the address.</summary>
    internal sealed record Unavailable(SourceId Source, string Reason) : Observation(Source);
}
