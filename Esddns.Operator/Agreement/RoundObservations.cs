using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>The observations of one round, prepared for <see cref="AgreementRule"/>.</summary>
/// <param name="Observations">All observations.</param>
/// <param name="Usable">The observations with a usable address.</param>
/// <param name="Voters">One voter for each provider that reported a usable address.</param>
/// <param name="Votes">The contribution of each source.</param>
internal sealed record RoundObservations(
    IReadOnlyCollection<Observation> Observations,
    IReadOnlyCollection<Observation.Seen> Usable,
    IReadOnlyCollection<Voter> Voters,
    ImmutableArray<Vote> Votes
)
{
    private const int ReasonsShown = 3;

    /// <summary>
    /// The evidence classes that are configured and can answer. Behind address translation the host's own interfaces
    /// cannot answer; every other class can.
    /// </summary>
    public IReadOnlySet<EvidenceClass> Answering { get; } =
        Observations
            .Where(o => o.Source.Class != EvidenceClass.Interface || Usable.Contains(o))
            .Select(o => o.Source.Class)
            .ToHashSet();

    /// <summary>Whether a configured authenticated source can answer.</summary>
    public bool HasAuthenticatedSource =>
        Observations.Any(o => o.Source.IsAuthenticated && Answering.Contains(o.Source.Class));

    /// <summary>Prepares the observations of a round.</summary>
    public static RoundObservations Of(IReadOnlyCollection<Observation> observations, AgreementOptions options)
    {
        var usable = observations.OfType<Observation.Seen>().Where(s => options.Refused(s.Address) is null).ToArray();
        var voters = usable.GroupBy(s => s.Source.Provider).Select(Voter.Of).ToArray();
        var counted = new HashSet<string>();
        return new RoundObservations(
            observations,
            usable,
            voters,
            [.. observations.Select(o => ToVote(o, ReasonNotCounted(o, voters, counted, options)))]
        );
    }

    /// <summary>Whether an authenticated source reports <paramref name="address"/>.</summary>
    public bool IsAuthenticated(IPAddress address) =>
        Usable.Any(s => s.Source.IsAuthenticated && s.Address.Equals(address));

    /// <summary>The evidence classes of the sources that report <paramref name="address"/>.</summary>
    public IReadOnlySet<EvidenceClass> ClassesFor(IPAddress address) =>
        Usable.Where(s => s.Address.Equals(address)).Select(s => s.Source.Class).ToHashSet();

    /// <summary>
    /// Whether every class that can answer reports <paramref name="address"/>, and no source reports another address.
    /// </summary>
    public bool IsUnanimousFor(IPAddress address) =>
        ClassesFor(address).SetEquals(Answering) && Usable.All(s => s.Address.Equals(address));

    /// <summary>
    /// Lists each reported address with its sources, and the providers without an answer that count
    /// against a change.
    /// </summary>
    public string DescribeReports(IReadOnlyCollection<string> unresponsive)
    {
        var reports = string.Join("; ", Usable.GroupBy(s => s.Address).Select(Report));
        var missing = string.Join(", ", unresponsive.Order(StringComparer.Ordinal));
        return reports + (missing == "" ? "" : $"; no answer, although part of a recent agreement: {missing}");

        static string Report(IGrouping<IPAddress, Observation.Seen> seen)
        {
            var sources = string.Join(", ", seen.Select(s => s.Source.Name));
            return $"{seen.Key} from {sources}";
        }
    }

    /// <summary>Lists the first sources that do not count, each with the reason.</summary>
    public string DescribeUncounted()
    {
        var uncounted = Votes.Where(v => !v.Counted).Select(v => v.ToString()).ToArray();
        var more = uncounted.Length > ReasonsShown ? $"; and {uncounted.Length - ReasonsShown} more" : "";
        return string.Concat(uncounted.Take(ReasonsShown).Select(v => $"; {v}")) + more;
    }

    private static Vote ToVote(Observation observation, string? reason)
    {
        var (source, seen) = (observation.Source, observation as Observation.Seen);
        return new Vote(
            source.Name,
            source.Provider,
            source.Class,
            seen?.Address,
            reason is null,
            reason,
            source.Via,
            seen?.Seconds
        );
    }

    /// <summary>The reason why an observation is not the vote of its provider; null when it is.</summary>
    private static string? ReasonNotCounted(
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
            { Source.Provider: var provider } when voters.Single(v => v.Provider == provider).Address is null =>
                $"the servers of {provider} contradict each other",
            { Source.Provider: var provider } when !counted.Add(provider) =>
                $"same provider as above ({provider}), counted once",
            _ => null,
        };
}

/// <summary>One provider's vote.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Address">The reported address; null when its servers contradict each other. That counts as dissent from
/// all others.</param>
internal sealed record Voter(string Provider, IPAddress? Address)
{
    /// <summary>Combines the observations of one provider into its vote.</summary>
    public static Voter Of(IGrouping<string, Observation.Seen> seen) =>
        new(seen.Key, seen.Select(s => s.Address).Distinct().ToArray() is [var only] ? only : null);
}
