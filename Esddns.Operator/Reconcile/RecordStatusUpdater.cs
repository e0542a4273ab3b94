using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Updates the states of records.</summary>
internal sealed class RecordStatusUpdater(
    StateStore state,
    UnconfirmedWrites unconfirmed,
    LoopOptions loop,
    AuthoritativeOptions authoritative,
    ConvergenceClock convergence,
    OperatorMetrics metrics,
    TimeProvider time
)
{
    /// <summary>The evidence of this round for the addresses of the record.</summary>
    public Evidence EvidenceFor(ZoneRecord record) =>
        record.Record.Addresses switch
        {
            null => EvidenceFromWan(record),
            Evidence.Agreed when Of(record).Desired is { } desired => new Evidence.Agreed(desired),
            var known => known,
        };

    private Evidence EvidenceFromWan(ZoneRecord record) =>
        state.Current.WanOf(record.Record.Family) switch
        {
            { Verdict: VerdictKind.Agreed } when Of(record).Desired is { } desired => new Evidence.Agreed(desired),
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

    /// <summary>Whether the record must be read, because a change may be needed.</summary>
    public bool NeedsRead(ZoneRecord record) =>
        EvidenceFor(record) switch
        {
            Evidence.Agreed => true,
            Evidence.Absent => record.Record.WhenAbsent == AbsencePolicy.Remove && OwnershipOf(record).Ever.Count > 0,
            _ => false,
        };

    /// <summary>The values of the record that are ours.</summary>
    public Ownership OwnershipOf(ZoneRecord record) =>
        Of(record) is var r ? new Ownership(r.Ours, new AddressSet(r.Former), r.IsOwnershipOutdated) : Ownership.None;

    /// <summary>Records the values that the DNS provider returned.</summary>
    /// <returns>The drift, when another client changed the record; else null.</returns>
    public Drift? Read(ZoneRecord record, RRset? current)
    {
        var now = time.GetUtcNow();
        var found = current?.Values ?? AddressSet.Empty;
        var before = Of(record);
        var drift =
            !before.IsOwnershipOutdated
            && before.Current is { } left
            && !left.Equals(found)
            && !IsOurOwnPast(before, left, found)
                ? new Drift(now, left, found)
                : null;
        Update(
            record,
            r =>
                r with
                {
                    Current = found,
                    Unread = current?.Unread ?? [],
                    Href = current?.Href ?? r.Href,
                    LastAttempt = now,
                    LastDrift = drift ?? r.LastDrift,
                    // A write that still counts as sent was interrupted.
                    Unanswered = unconfirmed.Read(r) && r.Sent is null ? null : r.Unanswered ?? now,
                }
        );
        return drift;
    }

    /// <summary>
    /// Whether the new values were ours earlier: a lagging server, a restored zone, or a late write, which may also be
    /// a removal. This is not drift.
    /// </summary>
    private static bool IsOurOwnPast(RecordState record, AddressSet left, AddressSet found) =>
        found.Without(left) is var came
        && (came.Count > 0 || record.Unanswered is not null)
        && record.OursEver.ContainsAll(came)
        && record.OursEver.ContainsAll(left.Without(found));

    /// <summary>Whether the record must be read because a write may have arrived late.</summary>
    public bool IsReadDue(ZoneRecord record) => unconfirmed.IsDue(Of(record));

    /// <summary>
    /// Whether the record is up to date according to recent responses of the authoritative name servers, so the DNS
    /// provider need not be called.
    /// </summary>
    public bool IsSettled(ZoneRecord record) =>
        Of(record)
            is {
                Outcome: RecordOutcome.Noop or RecordOutcome.Updated,
                Propagation: { IsDone: true } p,
                Current: { } current
            }
        && p.Expected.Equals(current)
        && (time.GetUtcNow() - p.At).Duration() < authoritative.Interval * 2;

    /// <summary>
    /// Whether the record was recently read, and was up to date, updated or preserved, and is unchanged since.
    /// </summary>
    public bool IsFresh(ZoneRecord record)
    {
        var known = Of(record);
        var isDone =
            known.Outcome is RecordOutcome.Noop or RecordOutcome.Updated
            || known is { Outcome: RecordOutcome.Preserved, Preserved.WasRead: true };
        return isDone && WasAsked(known, loop.SyncInterval);
    }

    /// <summary>
    /// Whether the DNS provider was called for the record within the sync interval. Half of the interval counts for a
    /// timer round, because the interval starts with a round and not with its requests.
    /// </summary>
    public bool WasAskedLately(ZoneRecord record, ReconcileReason reason) =>
        WasAsked(Of(record), reason == ReconcileReason.Timer ? loop.SyncInterval / 2 : loop.SyncInterval);

    private bool WasAsked(RecordState record, TimeSpan within) =>
        record.LastAttempt is { } asked && (time.GetUtcNow() - asked).Duration() < within;

    /// <summary>The desired write of the record, as the key for rejected writes.</summary>
    public RejectedWrite DesiredWriteOf(ZoneRecord record) => new(record.Id, Of(record).Desired, record.Record.Ttl);

    /// <summary>Records that the record was read and is as desired.</summary>
    public void UpToDate(ZoneRecord record, ReconcileReason reason)
    {
        if (Of(record).Sent is { } sent)
        {
            Written(record, sent, reason);
            return;
        }

        Update(record, r => Settle(r) with { Outcome = RecordOutcome.Noop });
    }

    /// <summary>Records that the record is preserved or skipped.</summary>
    /// <returns>Whether the state changed, so that it should be logged.</returns>
    public bool Preserved(ZoneRecord record, RecordOutcome outcome, string reason, bool wasRead)
    {
        var before = Of(record).Preserved;
        Update(
            record,
            r =>
                r with
                {
                    Outcome = outcome,
                    Preserved = new Preservation(before?.Since ?? time.GetUtcNow(), reason, wasRead),
                }
        );
        return before?.Reason != reason;
    }

    /// <summary>
    /// Stores the values as ours before the requests are sent. The current values of the records are unknown until they
    /// are read back.
    /// </summary>
    /// <returns>Whether the state was stored; without it the records must not be written.</returns>
    public Task<bool> AboutToWriteAsync(
        IReadOnlyCollection<ZoneRecord> records,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        foreach (var record in records)
        {
            Update(
                record,
                r =>
                    r with
                    {
                        Ours = r.Ours.With(r.Desired!),
                        Current = null,
                        Sent = new SentWrite(r.Current, Why(record, reason)),
                    }
            );
        }

        return state.KeepAsync(cancellationToken);
    }

    /// <summary>Whether the state has no space for the record; such a record must not be written.</summary>
    public bool HasNoRoomFor(ZoneRecord record) => state.HasNoRoomFor(record.Id);

    /// <summary>Records that a write was read back and took effect.</summary>
    public void Written(ZoneRecord record, RRset? stored, ReconcileReason reason)
    {
        var sent = Of(record).Sent ?? new SentWrite(null, Why(record, reason));
        Update(
            record,
            r =>
                r with
                {
                    Current = stored?.Values ?? AddressSet.Empty,
                    Unread = stored?.Unread ?? [],
                    Href = stored is null ? null : stored.Href ?? r.Href,
                }
        );
        Written(record, sent, reason);
    }

    private void Written(ZoneRecord record, SentWrite sent, ReconcileReason reason)
    {
        var now = time.GetUtcNow();
        var took = record.Record.FollowsWan ? convergence.Elapsed(record.Record.Family) : null;
        if (took is { } t)
            metrics.Converged(t);
        Update(record, r => Settle(r) with { Outcome = RecordOutcome.Updated, LastWritten = now });
        var change = new Change(
            now,
            state.Current.By,
            record.Id.Fqdn,
            record.Id.Type,
            sent.From,
            Of(record).Current!,
            sent.Why,
            took?.TotalSeconds
        );
        state.Update(s => s with { History = [change, .. s.History.Take(Snapshot.MaxHistory - 1)] });
    }

    /// <summary>The state of a record with the desired values.</summary>
    private RecordState Settle(RecordState record) =>
        record.WithOurs(record.Desired!) with
        {
            Preserved = null,
            Sent = null,
            IsOwnershipOutdated = false,
            LastVerified = time.GetUtcNow(),
        };

    /// <summary>
    /// Records a fault of a read or write. A write with an unknown outcome makes the current values unknown.
    /// </summary>
    /// <returns>Whether the state changed, so that it should be logged.</returns>
    public bool Failed(RecordId id, ProviderFault fault)
    {
        var before = state.Current.Records[id];
        var now = time.GetUtcNow();
        var message = fault.Unconfirmed ? $"could not confirm: {fault.Message}" : fault.Message;
        state.Update(s =>
            s with
            {
                Records = s.Records.With(
                    id,
                    r =>
                        r with
                        {
                            Outcome = RecordOutcome.Failed,
                            Preserved = null,
                            Current = fault.Unconfirmed ? null : r.Current,
                            Unanswered = fault.Unconfirmed ? now : r.Unanswered,
                            LastAttempt = now,
                            LastError = new RecordError(now, fault.Type, message, fault.RetryAt),
                        }
                ),
            }
        );
        return before?.Outcome != RecordOutcome.Failed || before.LastError?.Type != fault.Type;
    }

    /// <summary>Records that a write was rejected before it could take effect.</summary>
    public void NotSent(ZoneRecord record) =>
        Update(record, r => r with { Current = r.Sent?.From ?? r.Current, Sent = null });

    private string Why(ZoneRecord record, ReconcileReason reason)
    {
        if (record.Record.Addresses is not null)
            return $"{reason}: {record.Record.WantedBy}";
        var wan = state.Current.WanOf(record.Record.Family)!;
        return wan.Verdict == VerdictKind.Absent
            ? $"{reason}: {wan.Reason}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{reason}: {wan.Votes.Count(v => v.Counted && Equals(v.Address, wan.Address))} providers of "
                    + $"sources report {wan.Address}"
            );
    }

    private RecordState Of(ZoneRecord record) =>
        state.Current.Records[record.Id] ?? new RecordState(record.Id.Fqdn, record.Id.Type);

    private void Update(ZoneRecord record, Func<RecordState, RecordState> change) =>
        state.Update(s => s with { Records = s.Records.With(record.Id, change) });
}
