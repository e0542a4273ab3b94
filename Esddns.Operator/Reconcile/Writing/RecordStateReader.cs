using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Planning;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>Derives the next step for a record from its status. Changes nothing.</summary>
internal sealed class RecordStateReader(
    StateStore state,
    UnconfirmedWrites unconfirmed,
    LoopOptions loop,
    AuthoritativeOptions authoritative,
    TimeProvider time
)
{
    /// <summary>
    /// The record with the evidence of this round. The state that its object stores is used at the start of the round
    /// only.
    /// </summary>
    public ZoneRecord WithEvidence(ZoneRecord record) =>
        record with
        {
            Record = record.Record with { Earlier = null },
            Evidence = EvidenceFor(record),
            Wan = record.Record.Addresses is null ? state.Current.WanOf(record.Record.Family)?.Address : null,
        };

    /// <summary>The action for the record, given the RRset that was read.</summary>
    public PlannedAction Plan(ZoneRecord record, LookupResult<RRset?> observed) =>
        Planner.Plan(record.Key, record.Record, record.Evidence, observed, OwnershipOf(record));

    /// <summary>Whether the record must be read, because a change may be needed.</summary>
    public bool NeedsRead(ZoneRecord record) =>
        record.Evidence switch
        {
            Evidence.Agreed => true,
            Evidence.Absent => record.Record.WhenAbsent == AbsencePolicy.Remove && OwnershipOf(record).Ever.Count > 0,
            _ => false,
        };

    /// <summary>Whether the record must be read because a write may have arrived late.</summary>
    public bool IsReadDue(ZoneRecord record) => unconfirmed.IsDue(StatusOf(record));

    /// <summary>
    /// Whether the record is unchanged since it was read and left as it is, according to recent responses of the
    /// authoritative name servers, so the DNS provider need not be called.
    /// </summary>
    public bool IsSettled(ZoneRecord record)
    {
        var known = StatusOf(record);
        return IsDone(known)
            && known is { Propagation: { IsDone: true } seen, Current: { } current }
            && seen.Expected.Equals(current)
            && (time.GetUtcNow() - seen.At).Duration() < authoritative.Interval * 2;
    }

    /// <summary>
    /// Whether the record was recently read, and was up to date, updated or preserved, and is unchanged since.
    /// </summary>
    public bool IsFresh(ZoneRecord record)
    {
        var known = StatusOf(record);
        return IsDone(known) && WasRead(known, loop.SyncInterval);
    }

    /// <summary>Whether a read of the record left nothing to do.</summary>
    private static bool IsDone(RecordState record) =>
        record.Outcome is RecordOutcome.Noop or RecordOutcome.Updated
        || record is { Outcome: RecordOutcome.Preserved, Preserved.WasRead: true };

    /// <summary>
    /// Whether the DNS provider was called for the record within <see cref="LoopOptions.CredentialCheckInterval"/>. It
    /// ends half a sync interval earlier for a timer round, because the interval starts with a round and not with its
    /// requests.
    /// </summary>
    public bool WasReadLately(ZoneRecord record, ReconcileReason reason) =>
        WasRead(
            StatusOf(record),
            loop.CredentialCheckInterval - (reason == ReconcileReason.Timer ? loop.SyncInterval / 2 : TimeSpan.Zero)
        );

    /// <summary>The desired write of the record, as the key for rejected writes.</summary>
    public RejectedWrite DesiredWriteOf(ZoneRecord record) =>
        new(record.Id, StatusOf(record).Desired, record.Record.Ttl);

    /// <summary>Whether the values of the record are not stored as ours; such a record must not be written.</summary>
    public bool IsUnstored(ZoneRecord record) => state.IsUnstored(record.Id);

    private RecordState StatusOf(ZoneRecord record) => state.Current.Records.StateOf(record.Id);

    private bool WasRead(RecordState record, TimeSpan within) =>
        record.LastAttempt is { } at && (time.GetUtcNow() - at).Duration() < within;

    /// <summary>The values of the record that are ours.</summary>
    private Ownership OwnershipOf(ZoneRecord record)
    {
        var status = StatusOf(record);
        return new Ownership(status.Ours, new AddressSet(status.Former), status.IsOwnershipOutdated);
    }

    /// <summary>The evidence of this round for the addresses of the record.</summary>
    private Evidence EvidenceFor(ZoneRecord record) =>
        record.Record.Addresses switch
        {
            null => EvidenceFromWan(record),
            Evidence.Agreed when StatusOf(record).Desired is { } desired => new Evidence.Agreed(desired),
            var known => known,
        };

    private Evidence EvidenceFromWan(ZoneRecord record) =>
        state.Current.WanOf(record.Record.Family) switch
        {
            { Verdict: VerdictKind.Agreed } when StatusOf(record).Desired is { } desired => new Evidence.Agreed(
                desired
            ),
            { Verdict: VerdictKind.Absent } absent => AbsenceOf(record, absent),
            { Reason: { } reason } => new Evidence.Unknown($"address unknown ({reason})"),
            _ => new Evidence.Unknown(),
        };

    /// <summary>
    /// The evidence when the host has no address of the family. When no other address is agreed either, the internet
    /// may be unreachable, so the absence is not certain.
    /// </summary>
    private Evidence AbsenceOf(ZoneRecord record, WanState absent) =>
        record.Record.WhenAbsent == AbsencePolicy.Preserve
        || state.Current.Wan.Any(w => w.Verdict == VerdictKind.Agreed)
            ? new Evidence.Absent()
            : new Evidence.Unknown($"{absent.Reason}, but the internet may be unreachable");
}
