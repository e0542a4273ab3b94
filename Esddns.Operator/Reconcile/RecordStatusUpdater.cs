using System.Globalization;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>Enters what happens to records into the state.</summary>
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
    /// <summary>What the round found out about the addresses that the record should hold.</summary>
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
    /// While nothing else can be reached either, the absence of a family may be that of the internet.
    /// </summary>
    private Evidence AbsenceOf(ZoneRecord record, WanState absent) =>
        record.Record.WhenAbsent == AbsencePolicy.Preserve
        || state.Current.Wan.Any(w => w.Verdict == VerdictKind.Agreed)
            ? new Evidence.Absent()
            : new Evidence.Unknown($"{absent.Reason}, but nothing else can be reached either");

    /// <summary>Whether something may have to be done about the record, so that it has to be read.</summary>
    public bool CallsForReading(ZoneRecord record) =>
        EvidenceFor(record) switch
        {
            Evidence.Agreed => true,
            Evidence.Absent => record.Record.WhenAbsent == AbsencePolicy.Remove && OwnershipOf(record).Ever.Count > 0,
            _ => false,
        };

    /// <summary>Which of its values are ours.</summary>
    public Ownership OwnershipOf(ZoneRecord record) =>
        Of(record) is var r ? new Ownership(r.Ours, new AddressSet(r.Former), r.IsOwnershipOutdated) : Ownership.None;

    /// <summary>The provider answered with what it has.</summary>
    /// <returns>Somebody else's edit, when that is what it shows.</returns>
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
                    // What is still counted as sent was interrupted.
                    Unanswered = unconfirmed.Read(r) && r.Sent is null ? null : r.Unanswered ?? now,
                }
        );
        return drift;
    }

    /// <summary>
    /// Whether what came into the record was ours before: a server that lags, a restored zone, a write that arrived
    /// late, which may be a removal. Nobody else wrote that.
    /// </summary>
    private static bool IsOurOwnPast(RecordState record, AddressSet left, AddressSet found) =>
        found.Without(left) is var came
        && (came.Count > 0 || record.Unanswered is not null)
        && record.OursEver.ContainsAll(came)
        && record.OursEver.ContainsAll(left.Without(found));

    /// <summary>Whether the record has to be read because a write of ours may have arrived late.</summary>
    public bool IsLookDue(ZoneRecord record) => unconfirmed.IsDue(Of(record));

    /// <summary>
    /// Whether the record is known to be right without asking the provider: the zone's own servers have just answered
    /// with it.
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
    /// Whether nothing about the record has changed since it was read and found or made right, or left as it was, not
    /// long ago.
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
    /// Whether the provider was asked about the record within the sync interval. A timer's round comes a little earlier
    /// than that, because the interval begins with a round and not with its questions.
    /// </summary>
    public bool WasAskedLately(ZoneRecord record, ReconcileReason reason) =>
        WasAsked(Of(record), reason == ReconcileReason.Timer ? loop.SyncInterval / 2 : loop.SyncInterval);

    private bool WasAsked(RecordState record, TimeSpan within) =>
        record.LastAttempt is { } asked && (time.GetUtcNow() - asked).Duration() < within;

    /// <summary>What the record is to become.</summary>
    public RejectedWrite WishOf(ZoneRecord record) => new(record.Id, Of(record).Desired, record.Record.Ttl);

    /// <summary>It was read, and is as it should be.</summary>
    public void IsRight(ZoneRecord record, ReconcileReason reason)
    {
        if (Of(record).Sent is { } sent)
        {
            Written(record, sent, reason);
            return;
        }

        Update(record, r => Settle(r) with { Outcome = RecordOutcome.Noop });
    }

    /// <summary>It is left alone.</summary>
    /// <returns>Whether that is news.</returns>
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
    /// Kept before the requests go out: whatever becomes of them, the values are ours, and what the records hold is not
    /// known.
    /// </summary>
    /// <returns>Whether it was kept; what is not kept must not be written.</returns>
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

    /// <summary>Whether the state has no room for the record; what is not kept must not be written.</summary>
    public bool HasNoRoomFor(ZoneRecord record) => state.HasNoRoomFor(record.Id);

    /// <summary>A write was read back: it took effect.</summary>
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

    /// <summary>What is wanted is what is there.</summary>
    private RecordState Settle(RecordState record) =>
        record.WithOurs(record.Desired!) with
        {
            Preserved = null,
            Sent = null,
            IsOwnershipOutdated = false,
            LastVerified = time.GetUtcNow(),
        };

    /// <summary>
    /// The provider could not be read or written. A write whose outcome is unknown makes the current value unknown.
    /// </summary>
    /// <returns>Whether that is news.</returns>
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
                            LastError = new RecordError(now, fault.Type, message, fault.LeftAloneUntil),
                        }
                ),
            }
        );
        return before?.Outcome != RecordOutcome.Failed || before.LastError?.Type != fault.Type;
    }

    /// <summary>A write was refused before it could take effect.</summary>
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
