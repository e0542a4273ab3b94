using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Esddns.Operator.Discovery;

/// <summary>
/// The cheap question between rounds: one source, another one each time. STUN over UDP costs one packet and comes
/// first; when it is silent, the next class is asked, and now and then another class comes first, in case all STUN
/// servers are frozen.
/// </summary>
internal sealed class Canary(IEnumerable<IAddressSource> sources, SourcePoller discoverer)
{
    /// <summary>One question in so many begins with another class than the cheapest.</summary>
    public const int OtherClassEvery = 6;

    private readonly ConcurrentDictionary<IpFamily, int> _turns = new();

    /// <summary>The sources by class, the cheapest class first.</summary>
    private readonly ImmutableArray<ImmutableArray<IAddressSource>> _classes =
    [
        .. sources.GroupBy(s => s.Id.Class).OrderBy(g => Cost(g.Key)).Select(g => g.ToImmutableArray()),
    ];

    /// <summary>The first answer, or the last failure when no class answers.</summary>
    public async Task<Observation> AskAsync(IpFamily family, CancellationToken cancellationToken)
    {
        // Each family has its own turns: with two families and two servers, each would else always ask the same one.
        var turn = _turns.AddOrUpdate(family, 0, (_, last) => last + 1);
        var first =
            (turn + 1) % OtherClassEvery == 0 ? 1 + turn / OtherClassEvery % Math.Max(1, _classes.Length - 1) : 0;
        for (var i = 0; ; i++)
        {
            var servers = _classes[(first + i) % _classes.Length];
            var observation = await discoverer.AskAsync(
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
            // It costs nothing, and sees nothing that changes without the kernel's notice.
            _ => 3,
        };
}
