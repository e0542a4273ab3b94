using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>
/// Updates the status of records, and logs each change that a person should know. Values become ours here, before they
/// are sent (<see cref="AboutToWriteAsync"/>).
/// </summary>
internal sealed class RecordStateUpdater(
    StateStore state,
    UnconfirmedWrites unconfirmed,
    ChangeHistory history,
    OperatorMetrics metrics,
    TimeProvider time,
    ILogger<RecordStateUpdater> logger
)
{
    private readonly FaultLines<RecordId> _lines = new(time);

    /// <summary>Forgets what was logged about other records.</summary>
    public void RetainOnly(IReadOnlySet<RecordId> records) => _lines.RetainOnly(records);

    /// <summary>Records the values that the DNS provider returned.</summary>
    public void Read(ZoneRecord record, RRset? current)
    {
        var now = time.GetUtcNow();
        var found = current?.Values ?? AddressSet.Empty;
        var before = Of(record);
        var drift =
            !before.IsOwnershipOutdated
            && before.Current is { } left
            && !left.Equals(found)
            && !AreFormerValues(before, left, found)
                ? new Drift(now, left, found)
                : null;
        Update(
            record,
            r =>
                r with
                {
                    Current = found,
                    Unparsed = current?.Unparsed ?? [],
                    Href = current?.Href ?? r.Href,
                    LastAttempt = now,
                    LastDrift = drift ?? r.LastDrift,
                    // A write that still counts as sent was interrupted.
                    Unanswered = unconfirmed.Read(r) && r.Sent is null ? null : r.Unanswered ?? now,
                }
        );
        if (drift is not null)
            logger.RecordDrifted(record.Id.Fqdn, record.Id.Type, drift.From.ToString(), drift.To.ToString());
    }

    /// <summary>
    /// Whether the new values were ours earlier: a lagging server, a restored zone, or a late write, which may also be
    /// a removal. This is not drift.
    /// </summary>
    private static bool AreFormerValues(RecordState record, AddressSet before, AddressSet found)
    {
        var (added, removed) = (found.Without(before), before.Without(found));
        return (added.Count > 0 || record.Unanswered is not null)
            && record.OursEver.ContainsAll(added)
            && record.OursEver.ContainsAll(removed);
    }

    /// <summary>Records that the record was read and is as desired.</summary>
    public void UpToDate(ZoneRecord record, ReconcileReason reason)
    {
        _lines.Ended(record.Id);
        if (Of(record).Sent is { } sent)
        {
            Written(record, sent, reason);
            return;
        }

        Update(record, r => Settle(r) with { Outcome = RecordOutcome.Noop });
    }

    /// <summary>Records that the record is not changed on purpose.</summary>
    public void Preserved(ZoneRecord record, string reason, bool wasRead)
    {
        if (Preserved(record, RecordOutcome.Preserved, reason, wasRead))
            logger.RecordPreserved(record.Id.Fqdn, record.Id.Type, reason);
    }

    /// <summary>Records that there is nothing to publish.</summary>
    public void Skipped(ZoneRecord record, string reason)
    {
        if (Preserved(record, RecordOutcome.Skipped, reason, wasRead: false))
            logger.RecordSkipped(record.Id.Fqdn, record.Id.Type, reason);
    }

    /// <returns>Whether the reason is to be logged.</returns>
    private bool Preserved(ZoneRecord record, RecordOutcome outcome, string reason, bool wasRead)
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
        return _lines.IsDue(record.Id, reason, before?.Reason);
    }

    /// <summary>
    /// Stores the values as ours before the requests are sent. The current values of the records are unknown until they
    /// are read back.
    /// </summary>
    /// <returns>Whether the state was stored; without it the records must not be written.</returns>
    public Task<bool> AboutToWriteAsync(
        IReadOnlyCollection<PlannedWrite> writes,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        foreach (var (record, _, next) in writes)
        {
            history.AddEarlierWrite(record);
            Update(
                record,
                r =>
                    r with
                    {
                        Ours = r.Ours.With(r.Desired!),
                        Current = null,
                        Sent = new SentWrite(r.Current, history.Why(record, reason), next.Values),
                    }
            );
        }

        // Most zones have nothing to write in most rounds, and the state contains the records of all zones.
        return writes.Count == 0 ? Task.FromResult(true) : state.SaveAsync(cancellationToken);
    }

    /// <summary>Records that a write was read back and took effect.</summary>
    public void Written(ZoneRecord record, RRset? stored, ReconcileReason reason)
    {
        var sent = Of(record).Sent ?? new SentWrite(null, history.Why(record, reason));
        Update(
            record,
            r =>
                r with
                {
                    Current = stored?.Values ?? AddressSet.Empty,
                    Unparsed = stored?.Unparsed ?? [],
                    Href = stored is null ? null : stored.Href ?? r.Href,
                }
        );
        Written(record, sent, reason);
    }

    private void Written(ZoneRecord record, SentWrite sent, ReconcileReason reason)
    {
        _lines.Ended(record.Id);
        var now = time.GetUtcNow();
        var took = history.ConvergedAfter(record, now);
        Update(record, r => Settle(r) with { Outcome = RecordOutcome.Updated, LastWritten = now });
        history.Add(record, sent, Of(record).Current!, took);
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
    public void Failed(RecordId id, ProviderFault fault)
    {
        if (Fail(id, fault))
            logger.RecordFailed(id.Fqdn, id.Type, fault.Message);
    }

    /// <summary>Records a fault that all records of a zone share. Several records are one line in the log.</summary>
    public void Failed(HostedZone zone, IReadOnlyCollection<ZoneRecord> records, ProviderFault fault)
    {
        ZoneRecord[] changed = [.. records.Where(r => Fail(r.Id, fault))];
        if (changed is [var only])
            logger.RecordFailed(only.Id.Fqdn, only.Id.Type, fault.Message);
        else if (changed.Length > 1)
            logger.RecordsFailed(changed.Length, zone.Zone, fault.Message);
    }

    /// <returns>Whether the fault is to be logged.</returns>
    private bool Fail(RecordId id, ProviderFault fault)
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
        metrics.UpdateFailed(id.Fqdn.ToString(), id.Type.ToString(), fault.Type);
        return _lines.IsDue(id, fault.Type, before?.Outcome == RecordOutcome.Failed ? before.LastError?.Type : null);
    }

    /// <summary>Records that a write was rejected before it could take effect.</summary>
    public void NotSent(ZoneRecord record, ProviderFault fault)
    {
        NotSent(record);
        Failed(record.Id, fault);
    }

    /// <summary>Records that none of the writes was sent, for the same reason.</summary>
    public void NotSent(HostedZone zone, IReadOnlyCollection<ZoneRecord> records, ProviderFault fault)
    {
        foreach (var record in records)
            NotSent(record);
        Failed(zone, records, fault);
    }

    /// <summary>Records that a planned write was not sent.</summary>
    public void NotSent(ZoneRecord record) =>
        Update(record, r => r with { Current = r.Sent?.From ?? r.Current, Sent = null });

    private RecordState Of(ZoneRecord record) => state.Current.Records.StateOf(record.Id);

    private void Update(ZoneRecord record, Func<RecordState, RecordState> change) =>
        state.Update(s => s with { Records = s.Records.With(record.Id, change) });
}
