using Esddns.Contracts;

namespace Esddns.Web.Api;

/// <summary>The answer of <c>/api/v1/addresses</c>.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Addresses">The public address of each family that records need.</param>
public sealed record AddressList(Freshness Freshness, AddressDocument[] Addresses);

/// <summary>The public address of one family, and who confirms it.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The last agreed address; rounds without agreement keep it. Null before the first one.</param>
/// <param name="Previous">The agreed address before.</param>
/// <param name="Since">When the address was first agreed.</param>
/// <param name="Verdict">The verdict of the last round: Agreed, Disagreed, Insufficient, Absent or Unknown.</param>
/// <param name="Reason">The reason why the last round did not agree.</param>
/// <param name="Signs">Signs of a proxy, a VPN or carrier-grade NAT, one sentence each.</param>
/// <param name="BehindCarrierNat">Whether an observation shows carrier-grade NAT.</param>
/// <param name="AskedSince">When the search for an address started; null after the first agreement.</param>
/// <param name="CheckedAt">When the last round ended.</param>
/// <param name="NextCheckAt">When the next round is due; null when none is scheduled.</param>
/// <param name="Providers">The providers of sources that took part in a recent agreement.</param>
public sealed record AddressDocument(
    string Family,
    string? Address,
    string? Previous,
    DateTimeOffset? Since,
    string Verdict,
    string? Reason,
    string[] Signs,
    bool BehindCarrierNat,
    DateTimeOffset? AskedSince,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? NextCheckAt,
    ProviderDocument[] Providers
)
{
    /// <summary>Converts the address of a family.</summary>
    internal static AddressDocument Of(WanStatus wan) =>
        new(
            wan.Family,
            wan.Address,
            wan.Previous,
            wan.Since?.ToUniversalTime(),
            wan.Verdict,
            wan.Reason,
            wan.Signs,
            wan.IsBehindCarrierNat,
            wan.AskedSince?.ToUniversalTime(),
            wan.CheckedAt?.ToUniversalTime(),
            wan.NextCheckAt?.ToUniversalTime(),
            [.. (wan.Participants ?? []).Select(p => new ProviderDocument(p.Provider, p.At.ToUniversalTime()))]
        );
}

/// <summary>A provider of address sources.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="LastAgreedAt">When it last took part in an agreement.</param>
public sealed record ProviderDocument(string Provider, DateTimeOffset LastAgreedAt);

/// <summary>The answer of <c>/api/v1/sources</c>.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Sources">The contribution of each source to the last round of its family.</param>
public sealed record SourceList(Freshness Freshness, SourceDocument[] Sources);

/// <summary>The contribution of one source to the last round.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Source">The name of the source.</param>
/// <param name="Provider">The provider of the source. Each provider has one vote.</param>
/// <param name="Method">How the source observes the address: Stun, Https, Dns or Interface.</param>
/// <param name="Address">The reported address; null when it reported none.</param>
/// <param name="Agrees">Whether it reported the agreed address; null when it reported none, or none is agreed.</param>
/// <param name="Counted">Whether this is the vote of its provider.</param>
/// <param name="Reason">The reason why it is not counted.</param>
/// <param name="Via">The node that passed the observation on; null when the host of the operator polled it.</param>
/// <param name="Seconds">How long the source took to answer, in seconds; null when another node polled it.</param>
public sealed record SourceDocument(
    string Family,
    string Source,
    string Provider,
    string Method,
    string? Address,
    bool? Agrees,
    bool Counted,
    string? Reason,
    string? Via,
    double? Seconds
)
{
    /// <summary>Converts the votes of a family.</summary>
    internal static IEnumerable<SourceDocument> Of(WanStatus wan) =>
        wan.Votes.Select(v => new SourceDocument(
            wan.Family,
            v.Source,
            v.Provider,
            v.Class,
            v.Address,
            v.Address is null || wan.Address is null ? null : v.Address == wan.Address,
            v.Counted,
            v.Reason,
            v.Via,
            v.Seconds
        ));
}

/// <summary>The answer of <c>/api/v1/nodes</c>.</summary>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="By">The writer of the state: the host, or the pod and its node.</param>
/// <param name="Leader">In a cluster, the holder of the Lease.</param>
/// <param name="Addresses">In a cluster, the addresses that nodes observe; empty on a single machine.</param>
public sealed record NodeList(Freshness Freshness, string? By, string? Leader, NodeDocument[] Addresses);

/// <summary>An address and the nodes that observe it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="Nodes">The names of the first ten nodes.</param>
public sealed record NodeDocument(string Address, int Count, string[] Nodes);
