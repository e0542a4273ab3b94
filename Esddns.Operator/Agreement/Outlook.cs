using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>Whether it is worth to wait for the sources that have not answered yet.</summary>
internal static class Outlook
{
    /// <summary>
    /// Whether <paramref name="decide"/> comes to one verdict, whatever the pending sources answer. The extremes are enough: all stay
    /// silent, or all report the same, be it an address seen already or a new one. Support and dissent only grow towards those.
    /// </summary>
    /// <param name="heard">What came of the sources that have answered or failed.</param>
    /// <param name="pending">The others.</param>
    /// <param name="decide">The rule.</param>
    public static bool IsSettled(
        IReadOnlyCollection<Observation> heard, IReadOnlyCollection<SourceId> pending, Func<IReadOnlyCollection<Observation>, Verdict> decide)
    {
        var seen = heard.OfType<Observation.Seen>().Select(s => s.Address).ToHashSet();
        var silence = Essence(decide([.. heard, .. pending.Select(p => new Observation.Unavailable(p, ""))]));
        return seen.Append(AnyBut(seen))
            .All(a => silence == Essence(decide([.. heard, .. pending.Select(p => new Observation.Seen(p, a))])));
    }

    private static (Type Kind, IPAddress? Address) Essence(Verdict verdict) => (verdict.GetType(), (verdict as Verdict.Agreed)?.Address);

    /// <summary>A public address that nobody has reported.</summary>
    private static IPAddress AnyBut(HashSet<IPAddress> seen) =>
        Enumerable.Range(1, seen.Count + 1).Select(i => new IPAddress([1, 1, (byte)(i >> 8), (byte)i])).First(a => !seen.Contains(a));
}
