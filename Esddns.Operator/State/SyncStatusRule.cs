using Esddns.Contracts;

namespace Esddns.Operator.State;

/// <summary>Computes the status of a record and its reason in one line.</summary>
internal static class SyncStatusRule
{
    private const int MaxShown = 10;

    /// <summary>The status and its reason; the reason is null when there is none.</summary>
    public static (SyncStatus Status, string? Reason) Of(RecordState record) =>
        record switch
        {
            { Sent: not null, Outcome: RecordOutcome.Failed } => (SyncStatus.Unknown, Text(record.LastError)),
            { Sent: not null } => (SyncStatus.Unknown, "a write was sent and is not confirmed yet"),
            { Outcome: RecordOutcome.Pending } => (SyncStatus.Pending, "no round has processed the record yet"),
            { Outcome: RecordOutcome.Skipped, Preserved: { } why } => (SyncStatus.Skipped, why.Reason),
            { Outcome: RecordOutcome.Preserved, Preserved: { } why } => (
                SyncStatus.LeftAlone,
                $"{why.Reason}; record unchanged since {StatusText.Utc(why.Since)}"
            ),
            { Outcome: RecordOutcome.Failed } => (SyncStatus.Failed, Text(record.LastError)),
            { Propagation: { Contradiction: { } contradiction } seen } when seen.Expected.Equals(record.Current) => (
                SyncStatus.Failed,
                $"stored at the DNS provider, but not served: {contradiction}"
            ),
            { Outcome: RecordOutcome.Noop or RecordOutcome.Updated } => (SyncStatus.UpToDate, Foreign(record)),
            _ => (SyncStatus.Pending, "no round has processed the record yet"),
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
