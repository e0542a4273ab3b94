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
    /// Agreed when all of this holds for one address:
    /// <list type="number">
    /// <item>At least <see cref="AgreementOptions.Quorum"/> providers report it.</item>
    /// <item>Less than a third of the voters dissent. For a change, <see cref="LastAgreement.Providers"/> that are
    /// silent dissent.</item>
    /// <item>It was seen in <see cref="AgreementOptions.Classes"/> trust classes, as far as so many can answer.</item>
    /// <item>If it is a change, an authenticated source reports it, where one is configured that can.</item>
    /// </list>
    /// </summary>
    public static Verdict Decide(
        IReadOnlyCollection<Observation> observations,
        AgreementOptions options,
        LastAgreement known
    )
    {
        var round = Round.Of(observations, options);
        var carrierNat = CarrierNat.Find(observations, options);
        ImmutableArray<string> signs = [.. ProxySigns.Find(round.Usable)];
        if (carrierNat is not null)
            signs = signs.Add(CarrierNat.Sign(carrierNat));
        return Decide(round, options, known, signs) with { IsBehindCarrierNat = carrierNat is not null };
    }

    private static Verdict Decide(
        Round round,
        AgreementOptions options,
        LastAgreement known,
        ImmutableArray<string> signs
    )
    {
        var parties = round.Voters.Where(v => v.Address is not null).GroupBy(v => v.Address!);
        var strongest = parties.MaxBy(p => p.Count());
        var support = strongest?.Count() ?? 0;
        var isChange = strongest is not null && !strongest.Key.Equals(known.Address);
        var silent = isChange ? known.Providers.Except(round.Voters.Select(v => v.Provider)) : [];
        var all = round.Voters.Count + silent.Count;
        if (all > support && (all - support) * BlockingShare >= all)
            return new Verdict.Disagreed(round.WhoReportsWhat(silent), round.Votes, signs);

        return Doubt(strongest?.Key, support, isChange && known.NeedsWitness, round, options) is { } doubt
            ? new Verdict.Insufficient(doubt + round.WhyNotMore(), round.Votes, signs)
            : new Verdict.Agreed(strongest!.Key, round.IsUnanimousFor(strongest.Key), round.Votes, signs);
    }

    /// <summary>What is missing for <paramref name="address"/>; null when nothing is.</summary>
    private static string? Doubt(
        IPAddress? address,
        int support,
        bool needsWitness,
        Round round,
        AgreementOptions options
    )
    {
        if (address is null || support < options.Quorum)
            return $"{support} of the {options.Quorum} providers needed reported an address that can be used";
        var classes = round.ClassesFor(address).Select(c => c.Trust()).ToHashSet();
        var needed = Math.Min(options.Classes, round.Answering.Select(c => c.Trust()).Distinct().Count());
        var names = string.Join(", ", classes);
        if (classes.Count < needed)
            return $"{address} was seen in {classes.Count} of the {needed} trust classes needed ({names})";
        return needsWitness && round.CanBeWitnessed && !round.IsWitnessed(address)
            ? $"{address} is a change, and no authenticated source (HTTPS, public address on an interface) reports it"
            : null;
    }
}
