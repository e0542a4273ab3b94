using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>Whether it is worth to wait for the sources that have not answered yet.</summary>
internal static class PendingVotes
{
    /// <summary>
    /// Whether <paramref name="decide"/> agrees on the same address, or on none, whatever the pending sources answer.
    /// The extremes are enough: all stay silent, or all report the same: the known address, one seen already, or a new
    /// one. Support and dissent only grow towards those.
    /// </summary>
    /// <param name="heard">What came of the sources that have answered or failed.</param>
    /// <param name="pending">The others.</param>
    /// <param name="known">The address agreed upon before; null when there is none.</param>
    /// <param name="decide">The rule.</param>
    public static bool IsSettled(
        IReadOnlyCollection<Observation> heard,
        IReadOnlyCollection<SourceId> pending,
        IPAddress? known,
        Func<IReadOnlyCollection<Observation>, Verdict> decide
    )
    {
        var seen = heard.OfType<Observation.Seen>().Select(s => s.Address).ToHashSet();
        if (known is not null)
            seen.Add(known);
        var afterSilence = Agreed(pending.Select(p => new Observation.Unavailable(p, "")));
        return seen.Append(AnyBut(seen))
            .All(a => Equals(afterSilence, Agreed(pending.Select(p => new Observation.Seen(p, a)))));

        IPAddress? Agreed(IEnumerable<Observation> rest) => (decide([.. heard, .. rest]) as Verdict.Agreed)?.Address;
    }

    /// <summary>A public address that nobody has reported.</summary>
    private static IPAddress AnyBut(HashSet<IPAddress> seen) =>
        Enumerable
            .Range(1, seen.Count + 1)
            .Select(i => new IPAddress([1, 1, (byte)(i >> 8), (byte)i]))
            .First(a => !seen.Contains(a));
}
