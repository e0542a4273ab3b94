using System.Net;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>How the zone's own name servers are asked.</summary>
internal sealed record AuthoritativeOptions
{
    /// <summary>
    /// Name servers of all zones, as <c>host</c> or <c>host:port</c>; null to look them up, zone by zone.
    /// </summary>
    public IReadOnlyList<Uri>? NameServers { get; init; }

    /// <summary>Whom to ask for the name servers of a zone; null for the resolvers of this host.</summary>
    public IReadOnlyList<IPEndPoint>? Resolvers { get; init; }

    /// <summary>Between two looks at a record that is right. 1 s to 1 day, default 300 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>For one server.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(5);
}
