using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>Decides whether waiting for the pending sources can change the verdict.</summary>
internal static class PendingVotes
{
    /// <summary>
    /// Whether <paramref name="decide"/> gives the same agreed address, or none, for every possible answer of the
    /// pending sources. Only the extremes need a check: none answers, or all report one address (the known one, one
    /// already reported, or a new one). Support and dissent grow monotonically towards these extremes.
    /// </summary>
    /// <param name="completed">The observations of the sources that have answered or failed.</param>
    /// <param name="pending">The sources that have not answered yet.</param>
    /// <param name="known">The address that was agreed last; null when there is none.</param>
    /// <param name="decide">Computes a verdict from observations.</param>
    public static bool IsSettled(
        IReadOnlyCollection<Observation> completed,
        IReadOnlyCollection<SourceId> pending,
        IPAddress? known,
        Func<IReadOnlyCollection<Observation>, Verdict> decide
    )
    {
        var seen = completed.OfType<Observation.Seen>().Select(s => s.Address).ToHashSet();
        if (known is not null)
            seen.Add(known);
        var withoutAnswers = Agreed(pending.Select(p => new Observation.Unavailable(p, "")));
        return seen.Append(UnreportedAddress(seen))
            .All(a => Equals(withoutAnswers, Agreed(pending.Select(p => new Observation.Seen(p, a)))));

        IPAddress? Agreed(IEnumerable<Observation> rest) =>
            (decide([.. completed, .. rest]) as Verdict.Agreed)?.Address;
    }

    /// <summary>A public address that no source has reported.</summary>
    private static IPAddress UnreportedAddress(HashSet<IPAddress> seen) =>
        Enumerable
            .Range(1, seen.Count + 1)
            .Select(i => new IPAddress([1, 1, (byte)(i >> 8), (byte)i]))
            .First(a => !seen.Contains(a));
}
