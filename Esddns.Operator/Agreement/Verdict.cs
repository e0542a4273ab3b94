using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>What one source contributed to a verdict.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Class">How it was asked.</param>
/// <param name="Address">What it said; null when it said nothing.</param>
/// <param name="Counted">Whether it counts as a witness of its own.</param>
/// <param name="Reason">Why not, when it does not.</param>
internal sealed record Vote(string Source, EvidenceClass Class, IPAddress? Address, bool Counted, string? Reason);

/// <summary>What the observations of a round amount to, for one family.</summary>
/// <param name="Votes">Who said what.</param>
internal abstract record Verdict(ImmutableArray<Vote> Votes)
{
    /// <summary>This is the address.</summary>
    internal sealed record Agreed(IPAddress Address, ImmutableArray<Vote> Votes) : Verdict(Votes);

    /// <summary>The sources contradict each other. Records stay as they are.</summary>
    internal sealed record Disagreed(string Reason, ImmutableArray<Vote> Votes) : Verdict(Votes);

    /// <summary>Too few said anything. Records stay as they are.</summary>
    internal sealed record Insufficient(string Reason, ImmutableArray<Vote> Votes) : Verdict(Votes);
}
