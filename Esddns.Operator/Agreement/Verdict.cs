using System.Collections.Immutable;
using System.Net;
using Esddns.Operator.Discovery;

namespace Esddns.Operator.Agreement;

/// <summary>The contribution of one source to a verdict.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="Provider">The provider of the source.</param>
/// <param name="Class">The evidence class of the source.</param>
/// <param name="Address">The reported address; null when the source reported none.</param>
/// <param name="Counted">Whether this is the vote of the provider.</param>
/// <param name="Reason">The reason why it is not the vote of the provider; null when it is.</param>
/// <param name="Via">The node that polled the source and passed the observation on; null when this host polled
/// it.</param>
internal sealed record Vote(
    string Source,
    [property: System.Text.Json.Serialization.JsonPropertyName("operator")] string Provider,
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

/// <summary>The result of a round for one address family.</summary>
/// <param name="Votes">The contribution of each source.</param>
/// <param name="Signs">Signs of a proxy or VPN, one sentence each.</param>
internal abstract record Verdict(ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
{
    /// <summary>
    /// Whether an observation shows carrier-grade NAT. The internet cannot reach the host at the address then.
    /// </summary>
    public bool IsBehindCarrierNat { get; init; }

    /// <summary>The sources agree on an address.</summary>
    /// <param name="Address">The address.</param>
    /// <param name="IsUnanimous">Whether every class that can answer reports the address, and no source reports
    /// another.</param>
    /// <param name="Votes">The contribution of each source.</param>
    /// <param name="Signs">Signs of a proxy or VPN, one sentence each.</param>
    internal sealed record Agreed(
        IPAddress Address,
        bool IsUnanimous,
        ImmutableArray<Vote> Votes,
        ImmutableArray<string> Signs
    ) : Verdict(Votes, Signs);

    /// <summary>The sources contradict each other. Records are preserved.</summary>
    internal sealed record Disagreed(string Reason, ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
        : Verdict(Votes, Signs);

    /// <summary>The evidence is insufficient in number or in trust. Records are preserved.</summary>
    internal sealed record Insufficient(string Reason, ImmutableArray<Vote> Votes, ImmutableArray<string> Signs)
        : Verdict(Votes, Signs);
}
