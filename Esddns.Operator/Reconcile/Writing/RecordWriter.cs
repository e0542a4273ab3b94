using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Planning;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>
/// Applies planned writes. It stores the new values as ours before it sends them, and reads back each write, because an
/// acknowledgement does not prove that the record is stored.
/// </summary>
internal sealed class RecordWriter(
    RecordStateReader stateReader,
    RecordStateUpdater updater,
    Backoff<RejectedWrite> rejections,
    OperatorMetrics metrics,
    TimeProvider time,
    ILogger<RecordWriter> logger
)
{
    /// <summary>
    /// The maximum number of writes of one zone at the same time. It is smaller than the number of requests that an
    /// account may have open, so that a slow zone does not use them all.
    /// </summary>
    private const int MaxParallelWrites = 6;

    /// <summary>Whether the desired write of the record was not rejected, or may be tried again.</summary>
    public bool MayTry(ZoneRecord record, ReconcileReason reason) =>
        rejections.MayTry(stateReader.DesiredWriteOf(record), reason.IsByPerson());

    /// <summary>Forgets the rejected writes of other records and of earlier desired states.</summary>
    public void RetainOnly(IEnumerable<ZoneRecord> records) =>
        rejections.RetainOnly(records.Select(stateReader.DesiredWriteOf).ToHashSet());

    /// <summary>
    /// Writes each record separately, several at a time. A definitive fault affects one record; any other fault stops
    /// the attempt. Records that got another desired state in the meantime are not written.
    /// </summary>
    /// <returns>The fault that stopped the attempt; null when there was none.</returns>
    public async Task<ProviderFault?> WriteAsync(
        IDnsProvider provider,
        ZoneRun run,
        List<PlannedWrite> writes,
        ReconcileReason reason
    )
    {
        if (writes.Count == 0)
            return null;
        if (!await updater.AboutToWriteAsync(writes, reason, run.Ended))
        {
            var notStored = new ProviderFault(
                FaultKind.Transient,
                "not_kept",
                "nothing was written: the state could not be stored, "
                    + "and after a restart our values would count as foreign"
            );
            updater.NotSent(run.Zone, [.. writes.Select(w => w.Record)], notStored);
            return notStored;
        }

        writes = WithoutUnstored(writes);
        ProviderFault? stopped = null;
        var accepted = new PlannedWrite?[writes.Count];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = run.Ended,
        };
        await Parallel.ForEachAsync(
            writes.Index(),
            parallel,
            async (item, cancellationToken) =>
            {
                var (index, write) = item;
                if (Volatile.Read(ref stopped) is not null || run.IsSuperseded(write.Record))
                    updater.NotSent(write.Record);
                else if (await SendAsync(provider, write, cancellationToken) is not { } fault)
                    accepted[index] = write;
                else if (fault.Kind == FaultKind.Definitive)
                    rejections.Failed(stateReader.DesiredWriteOf(write.Record), fault.Kind);
                else
                    Interlocked.CompareExchange(ref stopped, fault, null);
            }
        );
        return await ReadBackAsync(provider, run, [.. accepted.OfType<PlannedWrite>()], reason) ?? stopped;
    }

    /// <summary>The writes whose values are stored as ours; the other records fail.</summary>
    private List<PlannedWrite> WithoutUnstored(List<PlannedWrite> writes)
    {
        foreach (var write in writes.Where(w => stateReader.IsUnstored(w.Record)))
        {
            updater.NotSent(
                write.Record,
                new(
                    FaultKind.Persistent,
                    "state_full",
                    "nothing was written: the state of the operator has no space for this record, and the status of "
                        + "its object does not contain it"
                )
            );
        }

        return [.. writes.Where(w => !stateReader.IsUnstored(w.Record))];
    }

    private async Task<ProviderFault?> SendAsync(
        IDnsProvider provider,
        PlannedWrite write,
        CancellationToken cancellationToken
    )
    {
        var (fqdn, type) = write.Record.Id;
        using var span = OperatorTracing.Start("write");
        span?.SetTag("esddns.record", write.Record.Id.ToString());
        span?.SetTag("esddns.values", write.Next.Values.ToString());
        var started = time.GetTimestamp();
        var answer = await provider.WriteAsync(write.Next, write.Before, cancellationToken);
        if (answer is not LookupResult<RRset>.Unavailable(var fault))
        {
            metrics.Updated(fqdn.ToString(), type.ToString(), time.GetElapsedTime(started));
            return null;
        }

        if (fault.Unconfirmed)
            updater.Failed(write.Record.Id, fault);
        else
            updater.NotSent(write.Record, fault);
        return fault;
    }

    /// <summary>Reads back the accepted writes. A write succeeds only when the record is stored.</summary>
    private async Task<ProviderFault?> ReadBackAsync(
        IDnsProvider provider,
        ZoneRun run,
        List<PlannedWrite> sent,
        ReconcileReason reason
    )
    {
        if (sent.Count == 0)
            return null;
        switch (await provider.ReadAsync(run.Zone.Zone, [.. sent.Select(w => w.Record.Key)], run.Ended))
        {
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(var stored):
                ProviderFault? notApplied = null;
                foreach (var write in sent)
                    notApplied = Confirm(write, stored.GetValueOrDefault(write.Record.Key), reason) ?? notApplied;
                return notApplied;
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                ZoneRecord[] records = [.. sent.Select(w => w.Record)];
                updater.Failed(run.Zone, records, fault with { Unconfirmed = true });
                return fault;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private ProviderFault? Confirm(PlannedWrite write, RRset? stored, ReconcileReason reason)
    {
        var (record, values) = (write.Record, stored?.Values ?? AddressSet.Empty);
        if (stateReader.Plan(record, new LookupResult<RRset?>.Available(stored)) is PlannedAction.Noop)
        {
            updater.Written(record, stored, reason);
            rejections.Succeeded(stateReader.DesiredWriteOf(record));
            var before = write.Before?.Values ?? AddressSet.Empty;
            logger.RecordWritten(record.Id.Fqdn, record.Id.Type, values.ToString(), before.ToString(), reason);
            return null;
        }

        var actual = stored is null ? "no record" : $"{values} with a TTL of {stored.Ttl} s";
        var notApplied = new ProviderFault(
            FaultKind.Transient,
            "not_applied",
            $"the DNS provider accepted {write.Next.Values}, but stores {actual}",
            Unconfirmed: true
        );
        updater.Failed(record.Id, notApplied);
        return notApplied;
    }
}
