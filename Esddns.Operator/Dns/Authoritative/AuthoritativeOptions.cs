using System.Net;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>Options for queries to the authoritative name servers of a zone.</summary>
internal sealed record AuthoritativeOptions
{
    /// <summary>
    /// The name servers of all zones, as <c>host</c> or <c>host:port</c>; null to look them up for each zone.
    /// </summary>
    public IReadOnlyList<Uri>? NameServers { get; init; }

    /// <summary>The resolvers that look up the name servers; null for the resolvers of this host.</summary>
    public IReadOnlyList<IPEndPoint>? Resolvers { get; init; }

    /// <summary>The interval between two checks of a record that is up to date. 1 s to 1 day, default 300 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The time limit for one server. 5 s.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(5);
}
