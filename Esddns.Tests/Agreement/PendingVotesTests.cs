using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Agreement;
using Esddns.Operator.Discovery;

namespace Esddns.Tests.Agreement;

public sealed class PendingVotesTests
{
    private static readonly IPAddress[] s_addresses =
    [
        IPAddress.Parse("81.2.69.142"),
        IPAddress.Parse("81.2.69.160"),
        IPAddress.Parse("81.2.69.161"),
    ];
    private static readonly SourceId[] s_sources =
    [
        .. "abcde".Select(c => new SourceId($"http://{c}", EvidenceClass.Https, $"{c}")),
        new("stun://a", EvidenceClass.Stun, "a"),
        new("https://f", EvidenceClass.Https, "f") { IsAuthenticated = true },
    ];

    [Fact]
    public void OneOfSevenPending_CannotChangeAConfirmation()
    {
        Assert.True(IsSettled(s_sources[..5], s_sources[6..], new LastAgreement(s_addresses[0], [])));
        Assert.False(IsSettled(s_sources[..2], s_sources[2..], new LastAgreement(s_addresses[0], [])));
    }

    [Fact]
    public void PendingWitness_CanDecideAChange() =>
        Assert.False(IsSettled(s_sources[..5], s_sources[6..], LastAgreement.Nothing));

    /// <summary>
    /// Random rounds: if the rule reports a round as settled, any answers of the pending sources give the same address.
    /// </summary>
    [Fact]
    public void SettledRound_NoPendingAnswerChangesTheAddress()
    {
        var random = new Random(20261125);
        var settled = 0;
        for (var i = 0; i < 3000; i++)
        {
            var known = new LastAgreement(
                random.Next(2) == 0 ? null : s_addresses[0],
                [.. s_sources.Select(s => s.Provider).Where(_ => random.Next(3) == 0)]
            );
            var options = new AgreementOptions { Quorum = random.Next(1, 4), Classes = random.Next(1, 3) };
            Verdict Decide(IReadOnlyCollection<Observation> all) => AgreementRule.Decide(all, options, known);
            var split = random.Next(1, s_sources.Length);
            var sources = s_sources.OrderBy(_ => random.Next()).ToArray();
            ImmutableArray<Observation> answered = [.. sources[..split].Select(s => Answer(s, random, 10))];
            if (!PendingVotes.IsSettled(answered, sources[split..], known.Address, Decide))
                continue;
            settled++;
            var verdicts = Enumerable
                .Range(0, 20)
                .Select(_ => Decide([.. answered, .. sources[split..].Select(s => Answer(s, random, 4))]));
            Assert.Single(verdicts.Select(v => (v as Verdict.Agreed)?.Address).Distinct());
        }

        Assert.True(settled > 200, $"only {settled} rounds were settled");
    }

    private static Observation Answer(SourceId source, Random random, int oneIn) =>
        random.Next(oneIn) switch
        {
            0 => new Observation.Unavailable(source, "silent"),
            1 => new Observation.Seen(source, s_addresses[1]),
            2 => new Observation.Seen(source, s_addresses[2]),
            _ => new Observation.Seen(source, s_addresses[0]),
        };

    private static bool IsSettled(SourceId[] answered, SourceId[] pending, LastAgreement known) =>
        PendingVotes.IsSettled(
            [.. answered.Select(s => new Observation.Seen(s, s_addresses[0]))],
            pending,
            known.Address,
            all => AgreementRule.Decide(all, new AgreementOptions { Classes = 1 }, known)
        );
}
