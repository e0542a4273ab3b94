namespace Esddns.Web.Api;

/// <summary>The state of everything in a few lines.</summary>
/// <param name="State">InSync, OutOfSync or Unknown.</param>
/// <param name="Reason">The reason for the state in one line; null when all records are in sync.</param>
/// <param name="Records">The number of records in each state.</param>
/// <param name="Addresses">The public addresses.</param>
/// <param name="Round">The number of rounds since the state was first stored.</param>
/// <param name="At">When the state last changed.</param>
/// <param name="By">The writer of the state: the host, or the pod and its node.</param>
/// <param name="Leader">In a cluster, the holder of the Lease.</param>
/// <param name="Stale">Why the state may be out of date; null while it is current.</param>
internal sealed record StatusSummary(
    string State,
    string? Reason,
    RecordCounts Records,
    AddressSummary[] Addresses,
    long Round,
    DateTimeOffset At,
    string By,
    string? Leader,
    Staleness? Stale
);

/// <summary>The number of records in each state. The state of a newer operator counts as unknown.</summary>
internal sealed record RecordCounts(
    int Total,
    int UpToDate,
    int Skipped,
    int Pending,
    int LeftAlone,
    int Failed,
    int Unknown
);

/// <summary>The public address of one family.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The last agreed address; null before the first agreement.</param>
/// <param name="Verdict">The verdict of the last round: Agreed, Disagreed, Insufficient, Absent or Unknown.</param>
internal sealed record AddressSummary(string Family, string? Address, string Verdict);

/// <summary>Why a state may be out of date.</summary>
/// <param name="Reason">The reason in one line.</param>
/// <param name="Seconds">The age of the state in seconds; null before the first state.</param>
internal sealed record Staleness(string Reason, double? Seconds);

/// <summary>A list.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Total">The number of entries that match, on all pages.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
/// <param name="Stale">Why the state may be out of date; null while it is current.</param>
internal sealed record Page<T>(T[] Items, int Total, string? Next, Staleness? Stale);

/// <summary>The public address of one family, and how sure it is.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The last agreed address; rounds without agreement keep it.</param>
/// <param name="Previous">The agreed address before that one.</param>
/// <param name="Since">When the address was first agreed.</param>
/// <param name="Verdict">The verdict of the last round: Agreed, Disagreed, Insufficient, Absent or Unknown.</param>
/// <param name="Reason">Why the last round did not agree.</param>
/// <param name="CheckedAt">When the last round ended.</param>
/// <param name="NextCheckAt">When the sources are polled next, unless a trigger comes before; null when that is not
/// planned.</param>
/// <param name="IsBehindCarrierNat">Whether an observation shows carrier-grade NAT.</param>
/// <param name="Signs">Signs of a proxy, a VPN or carrier-grade NAT, one sentence each.</param>
/// <param name="Providers">The providers whose sources agree with the address.</param>
internal sealed record AddressDocument(
    string Family,
    string? Address,
    string? Previous,
    DateTimeOffset? Since,
    string Verdict,
    string? Reason,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? NextCheckAt,
    bool IsBehindCarrierNat,
    string[] Signs,
    string[] Providers
);

/// <summary>A record.</summary>
/// <param name="Fqdn">The name.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="State">UpToDate, Skipped, Pending, LeftAlone, Failed or Unknown.</param>
/// <param name="Reason">The reason for the state.</param>
/// <param name="IsInSync">Whether the state is UpToDate or Skipped.</param>
/// <param name="Ttl">The desired TTL in seconds.</param>
/// <param name="Zone">The zone; null until it is found.</param>
/// <param name="DeclaredBy">The configuration or object that declares it.</param>
/// <param name="Values">The values at the last read; null when unknown, empty when the record does not exist.</param>
/// <param name="Desired">The desired values of ours; null before the first agreement.</param>
/// <param name="Ours">The values that are ours.</param>
/// <param name="Foreign">The values that are not ours, and are kept.</param>
/// <param name="NameServers">The last answers of the zone's name servers; null before the first.</param>
/// <param name="LastAttempt">When the DNS provider was last called for it.</param>
/// <param name="LastVerified">When the desired values were last confirmed.</param>
/// <param name="LastWritten">When it was last written.</param>
/// <param name="LastError">The last fault; it is kept after its end.</param>
/// <param name="LastForeignChange">The last change by another client.</param>
internal sealed record RecordDocument(
    string Fqdn,
    string Type,
    string State,
    string? Reason,
    bool IsInSync,
    int Ttl,
    string? Zone,
    string? DeclaredBy,
    string[]? Values,
    string[]? Desired,
    string[] Ours,
    string[] Foreign,
    NameServerCount? NameServers,
    DateTimeOffset? LastAttempt,
    DateTimeOffset? LastVerified,
    DateTimeOffset? LastWritten,
    ErrorDocument? LastError,
    ForeignChangeDocument? LastForeignChange
);

/// <summary>A fault.</summary>
/// <param name="Message">The fault in one line.</param>
/// <param name="At">When it occurred.</param>
/// <param name="RetryAt">When the DNS provider is called again after it, if the wait is long.</param>
internal sealed record ErrorDocument(string Message, DateTimeOffset At, DateTimeOffset? RetryAt);

/// <summary>A change of a record by another client.</summary>
/// <param name="At">When it was detected.</param>
/// <param name="From">The values that the operator knew.</param>
/// <param name="To">The values that were read.</param>
internal sealed record ForeignChangeDocument(DateTimeOffset At, string[] From, string[] To);

/// <summary>What the zone's name servers answered.</summary>
/// <param name="Asked">The number of queried name servers; 0 when unknown.</param>
/// <param name="Correct">The number of them that serve the record.</param>
/// <param name="At">When they were queried.</param>
/// <param name="Others">The name servers with another answer.</param>
internal sealed record NameServerCount(int Asked, int Correct, DateTimeOffset At, string[] Others);

/// <summary>A confirmed write.</summary>
/// <param name="At">When it was confirmed.</param>
/// <param name="Fqdn">The name of the record.</param>
/// <param name="Type">A or AAAA.</param>
/// <param name="From">The values before; null when they were unknown.</param>
/// <param name="To">The values after it.</param>
/// <param name="Why">The trigger of the round, and its finding.</param>
/// <param name="Seconds">Seconds from the first differing observation to the confirmed write; null when nothing
/// differed.</param>
/// <param name="By">The writer.</param>
internal sealed record ChangeDocument(
    DateTimeOffset At,
    string Fqdn,
    string Type,
    string[]? From,
    string[] To,
    string Why,
    double? Seconds,
    string By
);

/// <summary>The last answer of a source of addresses.</summary>
/// <param name="Name">The name of the source.</param>
/// <param name="Provider">The provider of the source: its sources have one vote together.</param>
/// <param name="Method">Stun, Https, Dns or Interface.</param>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The reported address; null when it reported none.</param>
/// <param name="IsCounted">Whether this is the vote of its provider.</param>
/// <param name="Agrees">Whether it reported the agreed address; null when it reported none, or none is
/// agreed.</param>
/// <param name="Seconds">How long it took to answer; null when it reported no address, or another node asked
/// it.</param>
/// <param name="Reason">Why it is not counted.</param>
/// <param name="Node">The node that passed the observation on; null when the writer of the state asked it.</param>
internal sealed record SourceDocument(
    string Name,
    string Provider,
    string Method,
    string Family,
    string? Address,
    bool IsCounted,
    bool? Agrees,
    double? Seconds,
    string? Reason,
    string? Node
);

/// <summary>An address, and the nodes that observe it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="Names">The names of the first ten nodes.</param>
internal sealed record NodeDocument(string Address, int Count, string[] Names);
