using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Computes the status of an object. Every condition has a reason that a person can act on.
/// </summary>
internal static class DynamicRecordConditions
{
    /// <summary>The status that the object should have now.</summary>
    /// <param name="record">The object.</param>
    /// <param name="request">Its request.</param>
    /// <param name="snapshot">The state.</param>
    /// <param name="stored">The RRsets in its newest status.</param>
    /// <param name="now">The time.</param>
    public static DynamicRecordStatus Of(
        DynamicRecord record,
        RecordRequest request,
        Snapshot snapshot,
        IReadOnlyList<OwnedRecord>? stored,
        DateTime now
    )
    {
        var states = request.Records.Select(r => snapshot.Records[r.Id]).ToArray();
        var generation = record.Metadata.Generation;
        var before = record.Status?.Conditions ?? [];
        var addresses = states.SelectMany(Stored).Select(a => a.ToString()).ToArray();
        return new DynamicRecordStatus
        {
            Fqdn = Requested(record.Spec)?.ToString(),
            Addresses = [.. addresses],
            // Server-side apply of Kubernetes 1.20 makes null of an empty text.
            Address = addresses.Length > 0 ? string.Join(", ", addresses) : null,
            RecordHref = states.FirstOrDefault(s => s?.Href is not null)?.Href,
            ObservedGeneration = generation,
            LastSyncTime = LastSync(record, states),
            Conditions =
            [
                .. Findings(request, snapshot, states)
                    .Select(f =>
                        Condition(f.Type, f.Finding, before.FirstOrDefault(c => c?.Type == f.Type), generation, now)
                    ),
            ],
            Records = Owned(request, snapshot, stored),
        };
    }

    /// <summary>The name that the object requests, also when it is refused; null without a valid one.</summary>
    private static Fqdn? Requested(DynamicRecordSpec? spec) =>
        DomainName.TryParse(spec?.Zone, null, out var zone)
        && OwnerName.TryParse(spec?.Name ?? "@", null, out var name)
        && name.MistakeIn(zone) is null
            ? Fqdn.Of(name, zone)
            : null;

    /// <summary>
    /// The RRsets with values of ours. An RRset that the state does not contain is unknown, so its stored values stay.
    /// A refused object keeps what it published earlier.
    /// </summary>
    private static List<OwnedRecord>? Owned(
        RecordRequest request,
        Snapshot snapshot,
        IReadOnlyList<OwnedRecord>? stored
    )
    {
        if (request.Records.Count == 0)
            return stored?.ToList();
        var known = request.Records.Select(r => OwnedRecord.Of(snapshot.Records[r.Id])).OfType<OwnedRecord>();
        var unknown = request.Records.Where(r => snapshot.Records[r.Id] is null).Select(r => r.Id).ToHashSet();
        var kept = (stored ?? []).Where(s => s?.Id is { } id && unknown.Contains(id));
        // Of an object that was renamed many times, the ConfigMap stores the rest.
        return [.. known.Concat(kept).Take(OwnedRecord.MaxRecords)];
    }

    /// <summary>The values of ours that the record holds; until it is read, the values that were sent.</summary>
    private static IEnumerable<System.Net.IPAddress> Stored(RecordState? state) =>
        state switch
        {
            null => [],
            { Current: { } current } => state.Ours.Where(current.Contains),
            _ => state.Ours,
        };

    /// <summary>All conditions, from one snapshot, so that none contradicts another.</summary>
    private static (string Type, Finding Finding)[] Findings(
        RecordRequest request,
        Snapshot snapshot,
        RecordState?[] states
    )
    {
        if (request.Refusal is { } refusal)
        {
            var (refused, unknown) = (
                Finding.False(refusal, request.Message!),
                Finding.Unknown("NotAccepted", "The object was not accepted")
            );
            var programmed = refused with { Reason = "NotAccepted" };
            return
            [
                ("Accepted", refused),
                ("Detected", unknown),
                ("Programmed", programmed),
                ("Propagated", unknown),
                ("Ready", refused),
            ];
        }

        var done = Worst(states.Select(s => IsAbout(request, s, snapshot) ? Programmed(s) : Programmed(null)));
        return
        [
            ("Accepted", Finding.True("Accepted", "The operator manages the record")),
            ("Detected", Worst(request.Records.Select(r => Detected(r, snapshot)))),
            ("Programmed", done),
            (
                "Propagated",
                done.Status == "True"
                    ? Worst(states.Select(Propagated))
                    : Finding.Unknown("NotProgrammed", "Not checked until the DNS provider stores the record")
            ),
            ("Ready", done),
        ];
    }

    /// <summary>
    /// Whether the state describes the present request. After a change of the object, earlier state describes the
    /// earlier request.
    /// </summary>
    private static bool IsAbout(RecordRequest request, RecordState? state, Snapshot snapshot) =>
        snapshot.Round > request.Round || state?.LastAttempt >= request.Since;

    private static Finding Detected(DesiredRecord record, Snapshot snapshot) =>
        (record.Addresses, snapshot.WanOf(record.Family)) switch
        {
            (Evidence.Agreed(var addresses), _) => Finding.True("Found", $"{addresses}"),
            (Evidence.Unknown(var why), _) => Finding.False("Unknown", why),
            (Evidence.Absent, _) => Finding.Unknown("Removed", "The object no longer requests the record"),
            (null, { Verdict: VerdictKind.Agreed } wan) => Finding.True("Agreed", $"The WAN address is {wan.Address}"),
            (null, { Verdict: VerdictKind.Unknown } or null) => Finding.Unknown("Pending", "No round has ended yet"),
            (null, { } wan) => Finding.False(wan.Verdict.ToString(), wan.Reason ?? ""),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Finding Programmed(RecordState? state) =>
        state switch
        {
            { State: SyncStatus.UpToDate } => Finding.True(
                "InSync",
                Text(state.Id, $"is {state.Current}", state.Reason)
            ),
            { State: SyncStatus.Skipped } => Finding.True("Skipped", Text(state.Id, "is skipped", state.Reason)),
            { State: SyncStatus.LeftAlone } => Finding.False("Preserved", Text(state.Id, "is preserved", state.Reason)),
            { Outcome: RecordOutcome.Failed } => Finding.False(
                ConditionReason(state.LastError!.Type),
                state.Reason ?? ""
            ),
            { State: SyncStatus.Failed } => Finding.False("NotServed", Text(state.Id, "is not in sync", state.Reason)),
            { State: SyncStatus.Unknown } => Finding.Unknown("Unconfirmed", state.Reason ?? ""),
            _ => Finding.Unknown("Pending", "No round has processed the record yet"),
        };

    private static Finding Propagated(RecordState? state) =>
        state switch
        {
            { Propagation: { IsDone: true } p } when p.Expected.Equals(state.Current) => Finding.True(
                "ServersAgree",
                "The zone's name servers serve the record"
            ),
            { State: SyncStatus.Skipped } => Finding.True("Skipped", Text(state.Id, "is skipped", state.Reason)),
            { Propagation: { Others.IsEmpty: false } p } => Finding.False("ServersDiffer", string.Join("; ", p.Others)),
            _ => Finding.Unknown("Pending", "The name servers have not been queried yet"),
        };

    private static string Text(RecordId id, string status, string? reason) =>
        reason is null ? $"{id} {status}" : $"{id} {status}: {reason}";

    private static DateTime? LastSync(DynamicRecord record, RecordState?[] states)
    {
        var newest = states.Max(s => s?.LastWritten)?.UtcDateTime;
        var found =
            states.Length > 0 && states.All(s => s is { InSync: true })
                ? states.Max(s => s!.LastVerified)?.UtcDateTime
                : null;
        // Repeated confirmations without a write are one sync.
        var time = newest ?? record.Status?.LastSyncTime ?? found;
        return time is { } t ? new DateTime(t.Ticks - t.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc) : null;
    }

    private static Finding Worst(IEnumerable<Finding> findings) =>
        findings
            .OrderBy(f =>
                f.Status switch
                {
                    "False" => 0,
                    "Unknown" => 1,
                    _ => 2,
                }
            )
            .FirstOrDefault()
        ?? Finding.Unknown("Pending", "No round has processed the record yet");

    private static Condition Condition(
        string type,
        Finding finding,
        Condition? before,
        long? generation,
        DateTime now
    ) =>
        new()
        {
            Type = type,
            Status = finding.Status,
            Reason = finding.Reason,
            Message = finding.Message.Length > 0 ? finding.Message : finding.Reason,
            ObservedGeneration = generation,
            LastTransitionTime =
                before?.Status == finding.Status
                    ? before.LastTransitionTime
                    : new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc),
        };

    /// <summary>
    /// The type of a fault in the form of a condition reason: <c>rate_limited</c> becomes <c>RateLimited</c>.
    /// </summary>
    private static string ConditionReason(string type) =>
        string.Concat(type.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    private sealed record Finding(string Status, string Reason, string Message)
    {
        public static Finding True(string reason, string message) => new("True", reason, message);

        public static Finding False(string reason, string message) => new("False", reason, message);

        public static Finding Unknown(string reason, string message) => new("Unknown", reason, message);
    }
}
