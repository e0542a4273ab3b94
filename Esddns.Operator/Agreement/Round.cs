using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>The observations of one round, and what the rule asks of them.</summary>
/// <param name="Observations">All of them.</param>
/// <param name="Usable">Those with an address that counts.</param>
/// <param name="Voters">One for each provider that has an address that counts.</param>
/// <param name="Votes">What each source contributed.</param>
internal sealed record Round(
    IReadOnlyCollection<Observation> Observations,
    IReadOnlyCollection<Observation.Seen> Usable,
    IReadOnlyCollection<Voter> Voters,
    ImmutableArray<Vote> Votes
)
{
    private const int ReasonsShown = 3;

    /// <summary>
    /// The classes that are configured and can answer. Behind address translation the host's own interfaces cannot;
    /// every other class can.
    /// </summary>
    public IReadOnlySet<EvidenceClass> Answering { get; } =
        Observations
            .Where(o => o.Source.Class != EvidenceClass.Interface || Usable.Contains(o))
            .Select(o => o.Source.Class)
            .ToHashSet();

    /// <summary>Whether an authenticated source is configured that can answer.</summary>
    public bool CanBeWitnessed => Observations.Any(o => o.Source.IsAuthenticated && Answering.Contains(o.Source.Class));

    /// <summary>Reads a round.</summary>
    public static Round Of(IReadOnlyCollection<Observation> observations, AgreementOptions options)
    {
        var usable = observations.OfType<Observation.Seen>().Where(s => options.Refused(s.Address) is null).ToArray();
        var voters = usable.GroupBy(s => s.Source.Operator).Select(Voter.Of).ToArray();
        var counted = new HashSet<string>();
        return new Round(
            observations,
            usable,
            voters,
            [.. observations.Select(o => Vote(o, WhyNot(o, voters, counted, options)))]
        );
    }

    /// <summary>Whether an authenticated source reports <paramref name="address"/>.</summary>
    public bool IsWitnessed(IPAddress address) =>
        Usable.Any(s => s.Source.IsAuthenticated && s.Address.Equals(address));

    /// <summary>In which ways <paramref name="address"/> was seen.</summary>
    public IReadOnlySet<EvidenceClass> ClassesFor(IPAddress address) =>
        Usable.Where(s => s.Address.Equals(address)).Select(s => s.Source.Class).ToHashSet();

    /// <summary>
    /// Whether every class that can answer reports <paramref name="address"/>, and nobody reports another.
    /// </summary>
    public bool IsUnanimousFor(IPAddress address) =>
        ClassesFor(address).SetEquals(Answering) && Usable.All(s => s.Address.Equals(address));

    /// <summary>
    /// Each address with its sources, and <paramref name="silent"/> providers that count against a change.
    /// </summary>
    public string WhoReportsWhat(IReadOnlyCollection<string> silent)
    {
        var reports = string.Join("; ", Usable.GroupBy(s => s.Address).Select(Report));
        var missing = string.Join(", ", silent.Order(StringComparer.Ordinal));
        return reports + (missing == "" ? "" : $"; silent, though part of an agreement a short while ago: {missing}");

        static string Report(IGrouping<IPAddress, Observation.Seen> seen) =>
            $"{seen.Key} from {string.Join(", ", seen.Select(s => s.Source.Name))}";
    }

    /// <summary>The first sources that do not count, each with the reason.</summary>
    public string WhyNotMore()
    {
        var missing = Votes.Where(v => !v.Counted).Select(v => v.ToString()).ToArray();
        var more = missing.Length > ReasonsShown ? $"; and {missing.Length - ReasonsShown} more" : "";
        return string.Concat(missing.Take(ReasonsShown).Select(v => $"; {v}")) + more;
    }

    private static Vote Vote(Observation observation, string? reason)
    {
        var (source, address) = (observation.Source, (observation as Observation.Seen)?.Address);
        return new Vote(source.Name, source.Operator, source.Class, address, reason is null, reason, source.Via);
    }

    /// <summary>Why an observation is not the vote of its provider; null when it is.</summary>
    private static string? WhyNot(
        Observation observation,
        Voter[] voters,
        HashSet<string> counted,
        AgreementOptions options
    ) =>
        observation switch
        {
            Observation.Unavailable(_, var reason) => reason,
            Observation.Seen(_, var address) when options.Refused(address) is { } range =>
                $"{address} is in the special-purpose range {range.Name} ({range.Network})",
            { Source.Operator: var provider } when voters.Single(v => v.Provider == provider).Address is null =>
                $"the servers of {provider} contradict each other",
            { Source.Operator: var provider } when !counted.Add(provider) => $"{provider} has a vote already",
            _ => null,
        };
}

/// <summary>One provider's vote.</summary>
/// <param name="Provider">Who.</param>
/// <param name="Address">Null when its servers contradict each other, which is dissent from all others.</param>
internal sealed record Voter(string Provider, IPAddress? Address)
{
    /// <summary>The vote that these observations of one provider amount to.</summary>
    public static Voter Of(IGrouping<string, Observation.Seen> seen) =>
        new(seen.Key, seen.Select(s => s.Address).Distinct().ToArray() is [var only] ? only : null);
}
