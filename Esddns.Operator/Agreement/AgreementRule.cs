using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>From observations to a verdict. Pure: no clock, no network, no memory.</summary>
internal static class AgreementRule
{
    /// <summary>Dissent of one in so many blocks.</summary>
    private const int BlockingShare = 3;

    /// <summary>
    /// Agreed when at least <see cref="AgreementOptions.Quorum"/> operators say the same address, in at least
    /// <see cref="AgreementOptions.Classes"/> ways, and less than a third of those who speak say another.
    /// </summary>
    public static Verdict Decide(IReadOnlyCollection<Observation> observations, AgreementOptions options)
    {
        var usable = observations.OfType<Observation.Seen>().Where(s => SpecialPurpose(s.Address, options) is null).ToArray();
        var voters = usable.GroupBy(s => s.Source.Operator).Select(Voter.Of).ToArray();
        var votes = Votes(observations, voters, options);
        var signs = ProxySigns.Find(usable);

        var parties = voters.Where(v => v.Address is not null).GroupBy(v => v.Address!).OrderByDescending(g => g.Count()).ToArray();
        var strongest = parties.FirstOrDefault();
        var support = strongest?.Count() ?? 0;
        if ((voters.Length - support) * BlockingShare >= voters.Length && voters.Length > support)
            return new Verdict.Disagreed(SaidWhat(usable), votes, signs);
        if (strongest is null || support < options.Quorum)
            return new Verdict.Insufficient($"{support} of the {options.Quorum} operators needed said an address that can be used{Why(votes)}", votes, signs);

        var address = strongest.Key;
        var classes = usable.Where(s => s.Address.Equals(address)).Select(s => s.Source.Class).ToHashSet();
        // Behind address translation the host's own interfaces cannot speak; every other class can.
        var speaking = observations.Select(o => o.Source.Class).ToHashSet();
        if (!usable.Any(s => s.Source.Class == EvidenceClass.Interface)) speaking.Remove(EvidenceClass.Interface);
        var needed = Math.Min(options.Classes, speaking.Count);
        if (classes.Count < needed)
            return new Verdict.Insufficient($"{address} was seen in {classes.Count} of the {needed} ways needed ({string.Join(", ", classes)}){Why(votes)}", votes, signs);

        var unanimous = speaking.All(classes.Contains) && usable.All(s => s.Address.Equals(address));
        return new Verdict.Agreed(address, unanimous, votes, signs);
    }

    private static ImmutableArray<Vote> Votes(IReadOnlyCollection<Observation> observations, Voter[] voters, AgreementOptions options)
    {
        var heard = new HashSet<string>();
        return [.. observations.Select(o => o switch
        {
            Observation.Seen(var source, var address) when SpecialPurpose(address, options) is { } range =>
                Vote(source, address, $"{address} is in the special-purpose range {range.Name} ({range.Network})"),
            Observation.Seen(var source, var address) when voters.Single(v => v.Operator == source.Operator).Address is null =>
                Vote(source, address, $"the servers of {source.Operator} contradict each other"),
            Observation.Seen(var source, var address) when !heard.Add(source.Operator) =>
                Vote(source, address, $"{source.Operator} has been heard already"),
            Observation.Seen(var source, var address) => Vote(source, address, null),
            Observation.Unavailable(var source, var reason) => Vote(source, null, reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        })];

        static Vote Vote(SourceId source, IPAddress? address, string? reason) =>
            new(source.Name, source.Operator, source.Class, address, address is not null && reason is null, reason, source.Via);
    }

    private static SpecialPurposeRange? SpecialPurpose(IPAddress address, AgreementOptions options) =>
        SpecialPurposeRanges.Find(address) is { } range && !options.AllowedRanges.Contains(range.Name) ? range : null;

    private static string SaidWhat(IEnumerable<Observation.Seen> seen) =>
        string.Join("; ", seen.GroupBy(s => s.Address).Select(g => $"{g.Key} say {string.Join(", ", g.Select(s => s.Source.Name))}"));

    private static string Why(ImmutableArray<Vote> votes) => votes.FirstOrDefault(v => v is { Counted: false, Address: null }) is { } vote ? $"; {vote}" : "";

    /// <summary>One operator's word: null when its servers contradict each other, which is dissent from whatever the others say.</summary>
    private sealed record Voter(string Operator, IPAddress? Address)
    {
        public static Voter Of(IGrouping<string, Observation.Seen> seen) =>
            new(seen.Key, seen.Select(s => s.Address).Distinct().ToArray() is [var only] ? only : null);
    }
}
