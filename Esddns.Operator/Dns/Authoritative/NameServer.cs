using System.Net;

namespace Esddns.Operator.Dns.Authoritative;

/// <summary>A name server of a zone.</summary>
/// <param name="Name">The host name; with the port when it is not 53.</param>
/// <param name="EndPoints">The endpoints in the order in which to try them.</param>
/// <param name="Problem">The reason why no endpoint is known; null when one is.</param>
internal sealed record NameServer(string Name, IReadOnlyList<IPEndPoint> EndPoints, string? Problem = null);
