using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>From observations to a verdict. Pure: no clock, no network, no memory.</summary>
internal static class AgreementRule
{
    /// <summary>
    /// Agreed when at least <see cref="AgreementOptions.Quorum"/> servers say the same address and nobody says another.
    /// </summary>
    public static Verdict Decide(IReadOnlyCollection<Observation> observations, AgreementOptions options)
    {
        var votes = Count(observations, options);
        var witnesses = votes.Where(v => v.Counted).GroupBy(v => v.Address!).OrderByDescending(g => g.Count()).ToArray();
        if (witnesses.Length > 1) return new Verdict.Disagreed(SaidWhat(witnesses), votes);
        if (witnesses is [var only] && only.Count() >= options.Quorum) return new Verdict.Agreed(only.Key, votes);

        var count = witnesses is [var few] ? few.Count() : 0;
        return new Verdict.Insufficient($"{count} of the {options.Quorum} servers needed said an address that can be used{Why(votes)}", votes);
    }

    private static ImmutableArray<Vote> Count(IReadOnlyCollection<Observation> observations, AgreementOptions options)
    {
        var heard = new HashSet<(string Server, IPAddress Address)>();
        return [.. observations.Select(o => o switch
        {
            Observation.Seen(var source, var address) when SpecialPurpose(address, options) is { } range =>
                new Vote(source.Name, source.Class, address, false, $"{address} is in the special-purpose range {range.Name} ({range.Network})"),
            // A server that says two things is two witnesses against each other, so that it can never make up a quorum alone.
            Observation.Seen(var source, var address) when !heard.Add((source.Server, address)) =>
                new Vote(source.Name, source.Class, address, false, $"{source.Server} has been heard already"),
            Observation.Seen(var source, var address) => new Vote(source.Name, source.Class, address, true, null),
            Observation.Unavailable(var source, var reason) => new Vote(source.Name, source.Class, null, false, reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        })];
    }

    private static SpecialPurposeRange? SpecialPurpose(IPAddress address, AgreementOptions options) =>
        SpecialPurposeRanges.Find(address) is { } range && !options.AllowedRanges.Contains(range.Name) ? range : null;

    private static string SaidWhat(IEnumerable<IGrouping<IPAddress, Vote>> witnesses) =>
        string.Join("; ", witnesses.Select(g => $"{g.Key} say {string.Join(", ", g.Select(v => v.Source))}"));

    private static string Why(ImmutableArray<Vote> votes) =>
        votes.FirstOrDefault(v => v is { Counted: false, Reason: not null }) is { } vote ? $"; {vote.Source}: {vote.Reason}" : "";
}
