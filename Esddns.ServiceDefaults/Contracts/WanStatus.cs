using System.Text.Json.Serialization;

namespace Esddns.Contracts;

/// <summary>The public address of one family.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The last agreed address; rounds without agreement keep it. Null before the first one.</param>
/// <param name="Verdict">The verdict of the last round: Agreed, Disagreed, Insufficient, Absent or Unknown.</param>
/// <param name="Votes">The contribution of each source to the last round.</param>
/// <param name="Signs">Signs of a proxy, a VPN or carrier-grade NAT, one sentence each.</param>
/// <param name="IsKnown">Whether the verdict is Agreed or Absent.</param>
/// <param name="Previous">The agreed address before <paramref name="Address"/>.</param>
/// <param name="Since">When the address was first agreed.</param>
/// <param name="Reason">The reason why the last round did not agree.</param>
/// <param name="IsBehindCarrierNat">Whether an observation shows carrier-grade NAT.</param>
/// <param name="AskedSince">When the search for an address started; null after the first agreement.</param>
/// <param name="Participants">The providers of sources that took part in a recent agreement.</param>
/// <param name="CheckedAt">When the last round ended.</param>
/// <param name="NextCheckAt">When the sources are polled next, unless a trigger comes before; null when that is not
/// planned.</param>
public sealed record WanStatus(
    string Family,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Address,
    string Verdict,
    VoteStatus[] Votes,
    string[] Signs,
    bool IsKnown = false,
    string? Previous = null,
    DateTimeOffset? Since = null,
    string? Reason = null,
    bool IsBehindCarrierNat = false,
    DateTimeOffset? AskedSince = null,
    ParticipantStatus[]? Participants = null,
    DateTimeOffset? CheckedAt = null,
    DateTimeOffset? NextCheckAt = null
);

/// <summary>The contribution of one source.</summary>
/// <param name="Source">The name of the source.</param>
/// <param name="Class">Its evidence class: Stun, Https, Dns or Interface.</param>
/// <param name="Address">The reported address; null when it reported none.</param>
/// <param name="Counted">Whether this is the vote of its provider.</param>
/// <param name="Provider">The provider of the source.</param>
/// <param name="Reason">The reason why it is not counted.</param>
/// <param name="Via">The node that passed the observation on; null when this host polled the source.</param>
/// <param name="Seconds">How long the source took to report the address, in seconds; null when it reported none, or
/// another node polled it.</param>
public sealed record VoteStatus(
    string Source,
    string Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Address,
    bool Counted,
    [property: JsonPropertyName("operator")] string Provider = "",
    string? Reason = null,
    string? Via = null,
    double? Seconds = null
);

/// <summary>A provider of sources that took part in an agreement.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="At">When it last took part.</param>
public sealed record ParticipantStatus(string Provider, DateTimeOffset At);
