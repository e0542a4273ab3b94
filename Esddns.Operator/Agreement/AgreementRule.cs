using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>Computes a verdict from observations. Pure: it uses no clock, no network and no state.</summary>
internal static class AgreementRule
{
    /// <summary>Dissent of at least one voter in N prevents an agreement; this is N.</summary>
    private const int BlockingShare = 3;

    /// <summary>
    /// The verdict is agreed when one address meets all of these conditions:
    /// <list type="number">
    /// <item>At least <see cref="AgreementOptions.Quorum"/> providers report it.</item>
    /// <item>Less than a third of the voters dissent. When the address changes,
    /// <see cref="LastAgreement.Providers"/> that do not answer count as dissent.</item>
    /// <item>Sources of <see cref="AgreementOptions.Classes"/> trust classes report it. When fewer classes can answer,
    /// all of those must report it.</item>
    /// <item>When the address changes, an authenticated source reports it, if one is configured that can
    /// answer.</item>
    /// </list>
    /// </summary>
    public static Verdict Decide(
        IReadOnlyCollection<Observation> observations,
        AgreementOptions options,
        LastAgreement last
    )
    {
        var round = RoundObservations.Of(observations, options);
        var carrierNat = CarrierNat.Find(observations, options);
        ImmutableArray<string> signs = [.. ProxySigns.Find(round.Usable)];
        if (carrierNat is not null)
            signs = signs.Add(CarrierNat.Describe(carrierNat));
        return Decide(round, options, last, signs) with { IsBehindCarrierNat = carrierNat is not null };
    }

    private static Verdict Decide(
        RoundObservations round,
        AgreementOptions options,
        LastAgreement last,
        ImmutableArray<string> signs
    )
    {
        var parties = round.Voters.Where(v => v.Address is not null).GroupBy(v => v.Address!);
        var strongest = parties.MaxBy(p => p.Count());
        var support = strongest?.Count() ?? 0;
        var isChange = strongest is not null && !strongest.Key.Equals(last.Address);
        var unresponsive = isChange ? last.Providers.Except(round.Voters.Select(v => v.Provider)) : [];
        var all = round.Voters.Count + unresponsive.Count;
        if (all > support && (all - support) * BlockingShare >= all)
            return new Verdict.Disagreed(round.DescribeReports(unresponsive), round.Votes, signs);

        var requiresAuthentication = isChange && last.RequiresAuthentication;
        return FindMissing(strongest?.Key, support, requiresAuthentication, round, options) is { } missing
            ? new Verdict.Insufficient(missing + round.DescribeUncounted(), round.Votes, signs)
            : new Verdict.Agreed(strongest!.Key, round.IsUnanimousFor(strongest.Key), round.Votes, signs);
    }

    /// <summary>The evidence that is missing for <paramref name="address"/>; null when none is missing.</summary>
    private static string? FindMissing(
        IPAddress? address,
        int support,
        bool requiresAuthentication,
        RoundObservations round,
        AgreementOptions options
    )
    {
        if (address is null || support < options.Quorum)
            return $"no agreement: {support} of {options.Quorum} required providers reported a usable address";
        var classes = round.ClassesFor(address).Select(c => c.Trust()).ToHashSet();
        var needed = Math.Min(options.Classes, round.Answering.Select(c => c.Trust()).Distinct().Count());
        var names = string.Join(", ", classes);
        if (classes.Count < needed)
            return $"{address} was reported by {classes.Count} of {needed} required trust classes ({names})";
        return requiresAuthentication && round.HasAuthenticatedSource && !round.IsAuthenticated(address)
            ? $"{address} is new, and no authenticated source (HTTPS, public address on an interface) reports it"
            : null;
    }
}
