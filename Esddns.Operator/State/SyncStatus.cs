namespace Esddns.Operator.State;

/// <summary>
/// How a record stands. It is computed in one place, <see cref="SyncStatusRule"/>, and everything that shows a record
/// (page, <c>/raw</c>, <c>/status</c>, metrics, conditions, health, exit code) shows this.
/// </summary>
internal enum SyncStatus
{
    /// <summary>It has not been looked at since what is wanted changed.</summary>
    Pending,

    /// <summary>The provider stores what is wanted, and the zone's name servers do not contradict it.</summary>
    UpToDate,

    /// <summary>There is nothing to publish, and that is certain: the host has no address of the family.</summary>
    Skipped,

    /// <summary>
    /// It was not touched on purpose, and is not known to be right: no address is agreed on, or the policy forbids a
    /// write.
    /// </summary>
    LeftAlone,

    /// <summary>It could not be read or written, or it is not what resolvers get.</summary>
    Failed,

    /// <summary>A write was sent, and it is not known whether it took effect.</summary>
    Unknown,
}

/// <summary>From the facts of a record to its status and the reason in one line.</summary>
internal static class SyncStatusRule
{
    private const int MaxShown = 10;

    /// <summary>The status; the reason is null when there is nothing to say.</summary>
    public static (SyncStatus Status, string? Reason) Of(RecordState record) =>
        record switch
        {
            { Sent: not null, Outcome: RecordOutcome.Failed } => (SyncStatus.Unknown, Text(record.LastError)),
            { Sent: not null } => (SyncStatus.Unknown, "a write was sent, and is not confirmed yet"),
            { Outcome: RecordOutcome.Pending } => (SyncStatus.Pending, "not looked at yet"),
            { Outcome: RecordOutcome.Skipped, Preserved: { } why } => (SyncStatus.Skipped, why.Reason),
            { Outcome: RecordOutcome.Preserved, Preserved: { } why } => (
                SyncStatus.LeftAlone,
                $"{why.Reason}; record left alone since {Text(why.Since)}"
            ),
            { Outcome: RecordOutcome.Failed } => (SyncStatus.Failed, Text(record.LastError)),
            { Propagation: { Contradiction: { } contradiction } seen } when seen.Expected.Equals(record.Current) => (
                SyncStatus.Failed,
                $"stored at the DNS provider, but not served: {contradiction}"
            ),
            { Outcome: RecordOutcome.Noop or RecordOutcome.Updated } => (SyncStatus.UpToDate, Foreign(record)),
            _ => (SyncStatus.Pending, "not looked at yet"),
        };

    private static string? Foreign(RecordState record)
    {
        if (record.Foreign is not { IsEmpty: false } foreign)
            return null;
        var kept =
            $"{foreign.Length} foreign value{(foreign.Length == 1 ? "" : "s")} kept: "
            + $"{string.Join(", ", foreign.Take(MaxShown))}{(foreign.Length > MaxShown ? " …" : "")}";
        return record.LastDrift is { } drift ? $"{kept}; changed by somebody else at {Text(drift.At)}" : kept;
    }

    private static string? Text(RecordError? error) =>
        error?.RetryAt is { } at ? $"{error.Message}; not asked again until {Text(at)}" : error?.Message;

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
