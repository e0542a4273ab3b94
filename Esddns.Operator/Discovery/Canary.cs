using System.Collections.Concurrent;
using System.Collections.Immutable;
using Esddns.Operator.Net;

namespace Esddns.Operator.Discovery;

/// <summary>
/// Polls one source between rounds, a different one each time. STUN over UDP costs one packet, so this class comes
/// first. When it does not answer, the next class is polled. Every <see cref="OtherClassEvery"/>th time another class
/// comes first, in case all STUN servers return an old address.
/// </summary>
internal sealed class Canary(IEnumerable<IAddressSource> sources, SourcePoller poller)
{
    /// <summary>One poll in this many begins with another class than the cheapest.</summary>
    public const int OtherClassEvery = 6;

    private readonly ConcurrentDictionary<IpFamily, int> _turns = new();

    /// <summary>The sources by evidence class, the cheapest class first.</summary>
    private readonly ImmutableArray<ImmutableArray<IAddressSource>> _classes =
    [
        .. sources.GroupBy(s => s.Id.Class).OrderBy(g => Cost(g.Key)).Select(g => g.ToImmutableArray()),
    ];

    /// <summary>Returns the first address that a class reports, or the last failure when no class answers.</summary>
    public async Task<Observation> AskAsync(IpFamily family, CancellationToken cancellationToken)
    {
        // Each family counts its own turns. With a shared count, two families and two servers, each family would always
        // poll the same server.
        var turn = _turns.AddOrUpdate(family, 0, (_, last) => last + 1);
        var isTurnOfOtherClass = (turn + 1) % OtherClassEvery == 0;
        var first = isTurnOfOtherClass ? 1 + turn / OtherClassEvery % Math.Max(1, _classes.Length - 1) : 0;
        for (var i = 0; ; i++)
        {
            var servers = _classes[(first + i) % _classes.Length];
            var observation = await poller.AskAsync(
                servers[turn % servers.Length],
                family,
                CancellationToken.None,
                cancellationToken
            );
            if (observation is Observation.Seen || i == _classes.Length - 1)
                return observation;
        }
    }

    private static int Cost(EvidenceClass @class) =>
        @class switch
        {
            EvidenceClass.Stun => 0,
            EvidenceClass.Dns => 1,
            EvidenceClass.Https => 2,
            // Polling interfaces costs nothing, but the kernel already reports their changes.
            _ => 3,
        };
}
