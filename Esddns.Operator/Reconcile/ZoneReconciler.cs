using Esddns.Operator.Dns;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile;

/// <summary>A zone, and the name of its credentials.</summary>
internal sealed record HostedZone(DomainName Zone, string? Credentials);

/// <summary>
/// A write that the DNS provider rejected. It rejects the same write again, so it is not retried until the desired
/// state changes.
/// </summary>
internal readonly record struct RejectedWrite(RecordId Id, AddressSet? Desired, int Ttl);

/// <summary>
/// Plans and applies changes zone by zone. It reads before it writes, writes only differences, and reads back each
/// write, because an acknowledgement does not prove that the record is stored.
/// </summary>
internal sealed class ZoneReconciler(
    IDnsProviders providers,
    RecordStatusUpdater statuses,
    Backoff<HostedZone> backoff,
    Backoff<RejectedWrite> rejections,
    OperatorMetrics metrics,
    TimeProvider time,
    ILogger<ZoneReconciler> logger
)
{
    private static readonly LookupResult<RRset?> s_unread = new LookupResult<RRset?>.Unavailable(
        new(FaultKind.Transient, "unread", "The DNS provider was not called.")
    );

    /// <summary>
    /// Updates the records to the addresses of this round. Faults go to the states of the records, not to exceptions.
    /// </summary>
    public async Task ReconcileAsync(
        IReadOnlyList<ZoneRecord> records,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        var tried = new HashSet<HostedZone>();
        // Each set of credentials is used at least once per interval, because name servers do not show that a token was
        // revoked.
        var usedCredentials = records
            .Where(r => statuses.WasAskedLately(r, reason))
            .Select(r => r.Record.Credentials ?? "")
            .ToHashSet();
        foreach (var zone in records.GroupBy(r => new HostedZone(r.Key.Zone, r.Record.Credentials)))
        {
            ZoneRecord[] known = [.. zone.Where(statuses.NeedsRead)];
            Plan([.. zone.Except(known).Select(r => (r, s_unread))], reason);
            if (known.Length == 0)
                continue;
            tried.Add(zone.Key);
            ZoneRecord[] due =
            [
                .. known.Where(r => rejections.MayTry(statuses.DesiredWriteOf(r), reason.IsByPerson())),
            ];
            var isCredentialCheckDue = !usedCredentials.Contains(zone.Key.Credentials ?? "");
            if (due.Length > 0 && await ReconcileAsync(zone.Key, due, reason, isCredentialCheckDue, cancellationToken))
                usedCredentials.Add(zone.Key.Credentials ?? "");
        }

        backoff.Keep(tried);
        rejections.Keep(records.Select(statuses.DesiredWriteOf).ToHashSet());
    }

    /// <summary>Records the faults of records without a zone.</summary>
    public void Unplaced(IEnumerable<(DesiredRecord Record, ProviderFault Fault)> records)
    {
        foreach (var (record, fault) in records)
            Failed(record.Id, fault);
    }

    /// <returns>Whether the DNS provider was called and accepted the credentials.</returns>
    private async Task<bool> ReconcileAsync(
        HostedZone access,
        ZoneRecord[] records,
        ReconcileReason reason,
        bool isCredentialCheckDue,
        CancellationToken cancellationToken
    )
    {
        if ((!isCredentialCheckDue && CanWait(records, reason)) || !backoff.MayTry(access, reason.IsByPerson()))
            return false;
        var provider = providers.With(access.Credentials);
        switch (await provider.ReadAsync(access.Zone, [.. records.Select(r => r.Key)], cancellationToken))
        {
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                var waitFault = Wait(access, fault);
                foreach (var record in records)
                    Failed(record.Id, waitFault with { Unconfirmed = false });
                return false;
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(var current):
                if (
                    await WriteAsync(
                        provider,
                        access.Zone,
                        Plan(Read(records, current), reason),
                        reason,
                        cancellationToken
                    ) is
                    { } stopped
                )
                    Wait(access, stopped);
                else
                    backoff.Succeeded(access);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Starts the wait for a zone; a long wait is logged with its end.</summary>
    private ProviderFault Wait(HostedZone access, ProviderFault fault)
    {
        var wait = backoff.Failed(access, fault.Kind, fault.RetryAfter);
        if (wait <= LoopOptions.MaxBackoff)
            return fault;
        var until = time.GetUtcNow() + wait;
        logger.ProviderLeftAlone(access.Zone, until, fault.Type);
        return fault with { RetryAt = until };
    }

    /// <summary>
    /// Whether the call to the DNS provider can wait. On a timer: while the name servers return the expected values.
    /// For other reasons below <see cref="ReconcileReason.Start"/>: while the provider or the name servers confirmed
    /// each record within the interval. Never when a write may have arrived late.
    /// </summary>
    private bool CanWait(ZoneRecord[] records, ReconcileReason reason) =>
        reason switch
        {
            _ when records.Any(statuses.IsReadDue) => false,
            ReconcileReason.Timer => records.All(statuses.IsSettled),
            < ReconcileReason.Start => records.All(r => statuses.IsSettled(r) || statuses.IsFresh(r)),
            _ => false,
        };

    private (ZoneRecord Record, LookupResult<RRset?> Observed)[] Read(
        ZoneRecord[] records,
        IReadOnlyDictionary<RecordKey, RRset> current
    )
    {
        foreach (var record in records)
            if (statuses.Read(record, current.GetValueOrDefault(record.Key)) is { } drift)
                logger.RecordDrifted(record.Id.Fqdn, record.Id.Type, drift.From.ToString(), drift.To.ToString());
        return
        [
            .. records.Select(r =>
                (r, (LookupResult<RRset?>)new LookupResult<RRset?>.Available(current.GetValueOrDefault(r.Key)))
            ),
        ];
    }

    /// <summary>Records the results that need no write, and returns the planned writes.</summary>
    private List<PlannedWrite> Plan(
        IReadOnlyCollection<(ZoneRecord Record, LookupResult<RRset?> Observed)> records,
        ReconcileReason reason
    )
    {
        var writes = new List<PlannedWrite>();
        foreach (var (record, observed) in records)
        {
            using var span = OperatorTracing.Start("plan", ("esddns.record", record.Id), ("esddns.observed", observed));
            var action = PlanOne(record, observed);
            span?.SetTag("esddns.action", action.GetType().Name);
            switch (action)
            {
                case PlannedAction.Noop:
                    statuses.UpToDate(record, reason);
                    break;
                case PlannedAction.Write(var next):
                    writes.Add(new(record, ((LookupResult<RRset?>.Available)observed).Value, next));
                    break;
                case PlannedAction.Preserve(var why):
                    Preserve(record, why, observed);
                    break;
                case PlannedAction.Skip(var why):
                    Skip(record, why);
                    break;
            }
        }

        return writes;
    }

    private PlannedAction PlanOne(ZoneRecord record, LookupResult<RRset?> observed) =>
        Planner.Plan(record.Key, record.Record, statuses.EvidenceFor(record), observed, statuses.OwnershipOf(record));

    private void Preserve(ZoneRecord record, string why, LookupResult<RRset?> observed)
    {
        if (
            statuses.Preserved(
                record,
                RecordOutcome.Preserved,
                why,
                wasRead: observed is LookupResult<RRset?>.Available
            )
        )
            logger.RecordPreserved(record.Id.Fqdn, record.Id.Type, why);
    }

    private void Skip(ZoneRecord record, string why)
    {
        if (statuses.Preserved(record, RecordOutcome.Skipped, why, wasRead: false))
            logger.RecordSkipped(record.Id.Fqdn, record.Id.Type, why);
    }

    /// <summary>
    /// Writes each record separately. A definitive fault affects one record; any other fault stops the attempt.
    /// </summary>
    private async Task<ProviderFault?> WriteAsync(
        IDnsProvider provider,
        DomainName zone,
        List<PlannedWrite> writes,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        // Checked again after the state is stored, because the new values need more space.
        writes = FitIntoState(writes);
        if (writes.Count == 0)
            return null;
        if (!await statuses.AboutToWriteAsync([.. writes.Select(w => w.Record)], reason, cancellationToken))
        {
            var notStored = new ProviderFault(
                FaultKind.Transient,
                "not_kept",
                "nothing was written: the state could not be stored, "
                    + "and after a restart our values would count as foreign"
            );
            foreach (var write in writes)
                NotSent(write.Record, notStored);
            return notStored;
        }

        writes = FitIntoState(writes);
        ProviderFault? stopped = null;
        var sent = new List<PlannedWrite>();
        foreach (var write in writes)
        {
            if (stopped is not null)
                statuses.NotSent(write.Record);
            else if (await SendAsync(provider, write, cancellationToken) is not { } fault)
                sent.Add(write);
            else if (fault.Kind == FaultKind.Definitive)
                rejections.Failed(statuses.DesiredWriteOf(write.Record), fault.Kind);
            else
                stopped = fault;
        }

        return await ReadBackAsync(provider, zone, sent, reason, cancellationToken) ?? stopped;
    }

    /// <summary>The writes that fit into the state; the other records fail.</summary>
    private List<PlannedWrite> FitIntoState(List<PlannedWrite> writes)
    {
        foreach (var write in writes.Where(w => statuses.HasNoRoomFor(w.Record)))
        {
            NotSent(
                write.Record,
                new(
                    FaultKind.Persistent,
                    "state_full",
                    "the state of the operator has no space for this record, "
                        + "so it was not written; remove other objects"
                )
            );
        }

        return [.. writes.Where(w => !statuses.HasNoRoomFor(w.Record))];
    }

    private async Task<ProviderFault?> SendAsync(
        IDnsProvider provider,
        PlannedWrite write,
        CancellationToken cancellationToken
    )
    {
        using var span = OperatorTracing.Start(
            "write",
            ("esddns.record", write.Record.Id),
            ("esddns.values", write.Next.Values)
        );
        var started = time.GetTimestamp();
        if (
            await provider.WriteAsync(write.Next, write.Before, cancellationToken) is LookupResult<RRset>.Unavailable(
                var fault
            )
        )
        {
            if (fault.Unconfirmed)
                Failed(write.Record.Id, fault);
            else
                NotSent(write.Record, fault);
            return fault;
        }

        metrics.Updated(write.Record.Id.Fqdn.ToString(), write.Record.Id.Type.ToString(), time.GetElapsedTime(started));
        return null;
    }

    /// <summary>Reads back the accepted writes. A write succeeds only when the record is stored.</summary>
    private async Task<ProviderFault?> ReadBackAsync(
        IDnsProvider provider,
        DomainName zone,
        List<PlannedWrite> sent,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        if (sent.Count == 0)
            return null;
        var answer = await provider.ReadAsync(zone, [.. sent.Select(w => w.Record.Key)], cancellationToken);
        if (answer is LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault))
        {
            foreach (var write in sent)
                Failed(write.Record.Id, fault with { Unconfirmed = true });
            return fault;
        }

        ProviderFault? notApplied = null;
        foreach (var write in sent)
        {
            var stored = (
                (LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available)answer
            ).Value.GetValueOrDefault(write.Record.Key);
            if (PlanOne(write.Record, new LookupResult<RRset?>.Available(stored)) is PlannedAction.Noop)
            {
                statuses.Written(write.Record, stored, reason);
                rejections.Succeeded(statuses.DesiredWriteOf(write.Record));
                logger.RecordWritten(
                    write.Record.Id.Fqdn,
                    write.Record.Id.Type,
                    $"{stored?.Values ?? AddressSet.Empty}",
                    $"{write.Before?.Values ?? AddressSet.Empty}",
                    reason
                );
                continue;
            }

            notApplied = new ProviderFault(
                FaultKind.Transient,
                "not_applied",
                $"the DNS provider accepted {write.Next.Values}, but stores {stored?.Values ?? AddressSet.Empty} "
                    + $"with a TTL of {stored?.Ttl ?? 0} s",
                Unconfirmed: true
            );
            Failed(write.Record.Id, notApplied);
        }

        return notApplied;
    }

    private void NotSent(ZoneRecord record, ProviderFault fault)
    {
        statuses.NotSent(record);
        Failed(record.Id, fault);
    }

    private void Failed(RecordId id, ProviderFault fault)
    {
        metrics.UpdateFailed(id.Fqdn.ToString(), id.Type.ToString(), fault.Type);
        if (statuses.Failed(id, fault))
            logger.RecordFailed(id.Fqdn, id.Type, fault.Message);
    }

    /// <summary>A planned write, and the RRset that it replaces.</summary>
    private sealed record PlannedWrite(ZoneRecord Record, RRset? Before, RRset Next);
}
