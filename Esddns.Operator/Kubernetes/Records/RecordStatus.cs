using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Computes the status of an object. Every condition has a reason that a person can act on.
/// </summary>
internal static class RecordStatus
{
    /// <summary>The status that the object should have now.</summary>
    public static DynamicRecordStatus Of(DynamicRecord record, RecordRequest request, Snapshot snapshot, DateTime now)
    {
        var states = request.Records.Select(r => snapshot.Records[r.Id]).ToArray();
        var generation = record.Metadata.Generation;
        var before = record.Status?.Conditions ?? [];
        var addresses = states.SelectMany(Stored).Select(a => a.ToString()).ToArray();
        return new DynamicRecordStatus
        {
            Fqdn = request.Records is [var first, ..] ? first.Fqdn.ToString() : null,
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
        };
    }

    /// <summary>Values of ours that the record holds; as long as that is unknown, those that were sent.</summary>
    private static IEnumerable<System.Net.IPAddress> Stored(RecordState? state) =>
        state is null ? []
        : state.Current is { } current ? state.Ours.Where(current.Contains)
        : state.Ours;

    /// <summary>All of one look, so that none contradicts another.</summary>
    private static (string Type, Finding Finding)[] Findings(
        RecordRequest request,
        Snapshot snapshot,
        RecordState?[] states
    )
    {
        if (request.Refusal is { } refusal)
        {
            var (no, open) = (
                Finding.No(refusal, request.Message!),
                Finding.Open("NotAccepted", "The object was not accepted")
            );
            var programmed = no with { Reason = "NotAccepted" };
            return
            [
                ("Accepted", no),
                ("Detected", open),
                ("Programmed", programmed),
                ("Propagated", open),
                ("Ready", no),
            ];
        }

        var done = Worst(states.Select(s => IsAbout(request, s, snapshot) ? Programmed(s) : Programmed(null)));
        return
        [
            ("Accepted", Finding.Yes("Accepted", "The record is looked after")),
            ("Detected", Worst(request.Records.Select(r => Detected(r, snapshot)))),
            ("Programmed", done),
            (
                "Propagated",
                done.Status == "True"
                    ? Worst(states.Select(Propagated))
                    : Finding.Open("NotProgrammed", "Only what the provider has can reach the name servers")
            ),
            ("Ready", done),
        ];
    }

    /// <summary>
    /// Whether the state is one of what the object wants now: after a change, what is known of what it wanted before
    /// tells nothing.
    /// </summary>
    private static bool IsAbout(RecordRequest request, RecordState? state, Snapshot snapshot) =>
        snapshot.Round > request.Round || state?.LastAttempt >= request.Since;

    private static Finding Detected(DesiredRecord record, Snapshot snapshot) =>
        (record.Addresses, snapshot.WanOf(record.Family)) switch
        {
            (Evidence.Agreed(var addresses), _) => Finding.Yes("Found", $"{addresses}"),
            (Evidence.Unknown(var why), _) => Finding.No("Unknown", why),
            (Evidence.Absent, _) => Finding.Open("Removed", "The record is not wanted any more"),
            (null, { Verdict: VerdictKind.Agreed } wan) => Finding.Yes("Agreed", $"The WAN address is {wan.Address}"),
            (null, { Verdict: VerdictKind.Unknown } or null) => Finding.Open("Pending", "No round has ended yet"),
            (null, { } wan) => Finding.No(wan.Verdict.ToString(), wan.Reason ?? ""),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Finding Programmed(RecordState? state) =>
        state switch
        {
            { State: SyncStatus.UpToDate } => Finding.Yes(
                "InSync",
                Text(state.Id, $"is {state.Current}", state.Reason)
            ),
            { State: SyncStatus.Skipped } => Finding.Yes("Skipped", Text(state.Id, "is skipped", state.Reason)),
            { State: SyncStatus.LeftAlone } => Finding.No("Preserved", Text(state.Id, "is left alone", state.Reason)),
            { Outcome: RecordOutcome.Failed } => Finding.No(Word(state.LastError!.Type), state.Reason ?? ""),
            { State: SyncStatus.Failed } => Finding.No("NotServed", Text(state.Id, "is not in sync", state.Reason)),
            { State: SyncStatus.Unknown } => Finding.Open("Unconfirmed", state.Reason ?? ""),
            _ => Finding.Open("Pending", "No round has looked at it yet"),
        };

    private static Finding Propagated(RecordState? state) =>
        state switch
        {
            { Propagation: { IsDone: true } p } when p.Expected.Equals(state.Current) => Finding.Yes(
                "ServersAgree",
                "The zone's own name servers answer with it"
            ),
            { Propagation: { Others.IsEmpty: false } p } => Finding.No("ServersDiffer", string.Join("; ", p.Others)),
            _ => Finding.Open("Pending", "The name servers have not been asked yet"),
        };

    private static string Text(RecordId id, string what, string? reason) =>
        reason is null ? $"{id} {what}" : $"{id} {what}: {reason}";

    private static DateTime? LastSync(DynamicRecord record, RecordState?[] states)
    {
        var newest = states.Max(s => s?.LastWritten)?.UtcDateTime;
        var found =
            states.Length > 0 && states.All(s => s is { InSync: true })
                ? states.Max(s => s!.LastVerified)?.UtcDateTime
                : null;
        // Found to be right again and again is one sync.
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
        ?? Finding.Open("Pending", "No round has looked at it yet");

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
    private static string Word(string type) =>
        string.Concat(type.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    private sealed record Finding(string Status, string Reason, string Message)
    {
        public static Finding Yes(string reason, string message) => new("True", reason, message);

        public static Finding No(string reason, string message) => new("False", reason, message);

        public static Finding Open(string reason, string message) => new("Unknown", reason, message);
    }
}
