using System.Collections.Immutable;
using System.Net;

namespace Esddns.Operator.Agreement;

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
