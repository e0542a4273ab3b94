using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>What one source contributed to a verdict.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Operator">Its provider.</param>
/// <param name="Class">How it was asked.</param>
/// <param name="Address">What it reported; null when it reported nothing.</param>
/// <param name="Counted">Whether it is the vote of its provider.</param>
/// <param name="Reason">Why not, when it is not.</param>
/// <param name="Via">The node that asked and passed it on; null when this host asked.</param>
internal sealed record Vote(
    string Source,
    string Operator,
    EvidenceClass Class,
    IPAddress? Address,
    bool Counted,
    string? Reason,
    string? Via = null
)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var source = Via is null ? Source : $"{Source} at {Via}";
        var answer = Address is null ? "no address" : Address.ToString();
        return $"{source} reports {answer}" + (Reason is null ? "" : $" ({Reason})");
    }
}

/// <summary>What the observations of a round amount to, for one family.</summary>
/// <param name="Votes">Who said what.</param>
/// <param name="Signs">Signs of a proxy or VPN, in words.</param>
internal abstract record Verdict(ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
{
    /// <summary>
    /// Whether something shows address translation at the internet provider: nobody can reach the host by the address.
    /// </summary>
    public bool IsBehindCarrierNat { get; init; }

    /// <summary>This is the address.</summary>
    /// <param name="Address">The address.</param>
    /// <param name="IsUnanimous">Whether every class that can speak says so, and nobody says another.</param>
    /// <param name="Votes">Who said what.</param>
    /// <param name="Signs">Signs of a proxy or VPN.</param>
    internal sealed record Agreed(
        IPAddress Address,
        bool IsUnanimous,
        ImmutableArray<Vote> Votes,
        ImmutableArray<string> Signs
    ) : Verdict(Votes, Signs);

    /// <summary>The sources contradict each other. Records stay as they are.</summary>
    internal sealed record Disagreed(string Reason, ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
        : Verdict(Votes, Signs);

    /// <summary>The evidence is too little, or of too little trust. Records stay as they are.</summary>
    internal sealed record Insufficient(string Reason, ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
        : Verdict(Votes, Signs);
}
