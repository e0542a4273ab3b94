using Esddns.Contracts;

namespace Esddns.Operator.State;

/// <summary>Computes the status of a record and its reason in one line.</summary>
internal static class SyncStatusRule
{
    private const int MaxShown = 10;

    /// <summary>The status of a record.</summary>
    public static SyncStatus StatusOf(RecordState record) =>
        record switch
        {
            { Sent: not null } => SyncStatus.Unknown,
            { Outcome: RecordOutcome.Pending } => SyncStatus.Pending,
            { Outcome: RecordOutcome.Skipped, Preserved: not null } => SyncStatus.Skipped,
            { Outcome: RecordOutcome.Preserved, Preserved: not null } => SyncStatus.LeftAlone,
            { Outcome: RecordOutcome.Failed } => SyncStatus.Failed,
            { Propagation: { Contradiction: not null } seen } when seen.Expected.Equals(record.Current) =>
                SyncStatus.Failed,
            { Outcome: RecordOutcome.Noop or RecordOutcome.Updated } => SyncStatus.UpToDate,
            _ => SyncStatus.Pending,
        };

    /// <summary>
    /// The condition of a record. It is unknown until a round has processed the record, and while a write of an earlier
    /// process may arrive.
    /// </summary>
    public static SyncCondition ConditionOf(RecordState record) =>
        StatusOf(record) switch
        {
            SyncStatus.UpToDate or SyncStatus.Skipped => SyncCondition.InSync,
            SyncStatus.Unknown => SyncCondition.Unknown,
            SyncStatus.Pending when record is not { Unanswered: null, Desired: not null, LastAttempt: not null } =>
                SyncCondition.Unknown,
            _ => SyncCondition.OutOfSync,
        };

    /// <summary>The reason for the status; null when there is none.</summary>
    public static string? ReasonOf(RecordState record) =>
        (StatusOf(record), record) switch
        {
            (SyncStatus.Unknown or SyncStatus.Failed, { Outcome: RecordOutcome.Failed }) => Text(record.LastError),
            (SyncStatus.Unknown, _) => "a write was sent and is not confirmed yet",
            (SyncStatus.Failed, _) =>
                $"stored at the DNS provider, but not served: {record.Propagation!.Contradiction}",
            (SyncStatus.Skipped, { Preserved: { } why }) => why.Reason,
            (SyncStatus.LeftAlone, { Preserved: { } why }) =>
                $"{why.Reason}; record unchanged since {StatusText.Utc(why.Since)}",
            (SyncStatus.UpToDate, _) => Foreign(record),
            (_, { Desired: not null, LastAttempt: not null }) =>
                "the desired state changed; waiting for the DNS provider",
            _ => "no round has processed the record yet",
        };

    private static string? Foreign(RecordState record)
    {
        if (record.Foreign is not { IsEmpty: false } foreign)
            return null;
        var shown = string.Join(", ", foreign.Take(MaxShown));
        var kept = StatusText.ForeignKept(foreign.Length, foreign.Length > MaxShown ? $"{shown} …" : shown);
        return record.LastDrift is { } drift ? kept + "; " + StatusText.ForeignChange(drift.At) : kept;
    }

    private static string? Text(RecordError? error) =>
        error?.RetryAt is { } at ? $"{error.Message}; next attempt at {StatusText.Utc(at)}" : error?.Message;
}
