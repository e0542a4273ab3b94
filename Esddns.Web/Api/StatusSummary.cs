namespace Esddns.Web.Api;

/// <summary>The answer of <c>/api/v1/status</c>: whether everything is in sync, in a few lines.</summary>
/// <param name="Version">Rises with each change. The events of <c>/api/v1/events</c> have the same number.</param>
/// <param name="State">The state of all records as one word. A stale status keeps its last word: see
/// <paramref name="Freshness"/>.</param>
/// <param name="Reason">The reason for the state, for people; null when all records are in sync.</param>
/// <param name="Freshness">The time of the status, and whether it may be out of date.</param>
/// <param name="Round">The number of rounds since the operator first stored its state; null before the first
/// status.</param>
/// <param name="By">The writer of the state: the host, or the pod and its node.</param>
/// <param name="Leader">In a cluster, the holder of the Lease.</param>
/// <param name="Addresses">The public address of each family.</param>
/// <param name="Records">The number of records.</param>
/// <param name="RecordsByState">The number of records in each state: Pending, UpToDate, Skipped, LeftAlone, Failed or
/// Unknown. States without records are left out.</param>
public sealed record StatusSummary(
    long Version,
    SyncState State,
    string? Reason,
    Freshness Freshness,
    long? Round,
    string? By,
    string? Leader,
    AddressSummary[] Addresses,
    int Records,
    Dictionary<string, int> RecordsByState
);

/// <summary>The time of a status, and whether it may be out of date.</summary>
/// <param name="At">When the state last changed; null before the first status.</param>
/// <param name="Stale">Whether the status may be out of date, because the operator does not answer or cannot read
/// newer state.</param>
/// <param name="StaleSeconds">How old the status is, in seconds; null while it is current.</param>
/// <param name="StaleReason">The reason why it is stale; null while it is current.</param>
public sealed record Freshness(DateTimeOffset? At, bool Stale, double? StaleSeconds, string? StaleReason);

/// <summary>The public address of one family, in short.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Address">The last agreed address; null before the first agreement.</param>
/// <param name="Verdict">The verdict of the last round: Agreed, Disagreed, Insufficient, Absent or Unknown.</param>
public sealed record AddressSummary(string Family, string? Address, string Verdict);
