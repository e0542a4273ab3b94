using System.Collections.Immutable;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;

namespace Esddns.Operator.State;

/// <summary>The last responses of the authoritative name servers of the zone.</summary>
/// <param name="At">When they were queried.</param>
/// <param name="Expected">The expected addresses.</param>
/// <param name="IsDone">Whether all servers return them.</param>
/// <param name="Others">The servers with another response, and that response.</param>
/// <param name="Contradiction">The reason why resolvers do not get the record; null while it is uncertain, because the
/// write may still propagate.</param>
/// <param name="Asked">The number of servers that were queried.</param>
internal sealed record Propagation(
    DateTimeOffset At,
    AddressSet Expected,
    bool IsDone,
    ImmutableArray<ServerAnswer> Others,
    string? Contradiction = null,
    int Asked = 0
);
