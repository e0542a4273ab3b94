using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Planning;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>
/// Reconciles records zone by zone: it reads the current records, plans the differences, and has them written.
/// </summary>
internal sealed class ZoneReconciler(
    IDnsProviders providers,
    RecordStateReader stateReader,
    RecordStateUpdater updater,
    RecordWriter writer,
    ZoneBackoff backoff
)
{
    private static readonly LookupResult<RRset?> s_notRead = new LookupResult<RRset?>.Unavailable(
        new(FaultKind.Transient, "not_read", "The DNS provider was not called.")
    );

    /// <summary>
    /// Updates the records to the addresses of this round. A fault becomes the status of the records, not an exception.
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
            .Where(r => stateReader.WasReadLately(r, reason))
            .Select(r => r.Record.Credentials ?? "")
            .ToHashSet();
        foreach (var group in records.GroupBy(r => new HostedZone(r.Key.Zone, r.Record.Credentials)))
        {
            var zone = group.Key;
            ZoneRecord[] toRead = [.. group.Where(stateReader.NeedsRead)];
            Plan([.. group.Except(toRead).Select(r => (r, s_notRead))], reason);
            if (toRead.Length == 0)
                continue;
            tried.Add(zone);
            ZoneRecord[] due = [.. toRead.Where(r => writer.MayTry(r, reason))];
            var isCredentialCheckDue = !usedCredentials.Contains(zone.Credentials ?? "");
            if (due.Length == 0 || (!isCredentialCheckDue && CanWait(due, reason)) || !backoff.MayTry(zone, reason))
                continue;
            if (await ReconcileAsync(zone, due, reason, cancellationToken))
                usedCredentials.Add(zone.Credentials ?? "");
        }

        backoff.RetainOnly(tried);
        writer.RetainOnly(records);
    }

    /// <summary>Records the faults of records without a zone.</summary>
    public void Unplaced(IEnumerable<(DesiredRecord Record, ProviderFault Fault)> records)
    {
        foreach (var (record, fault) in records)
            updater.Failed(record.Id, fault);
    }

    /// <returns>Whether the DNS provider accepted the credentials.</returns>
    private async Task<bool> ReconcileAsync(
        HostedZone zone,
        ZoneRecord[] records,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        var provider = providers.With(zone.Credentials);
        switch (await provider.ReadAsync(zone.Zone, [.. records.Select(r => r.Key)], cancellationToken))
        {
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                var waiting = backoff.Failed(zone, fault);
                foreach (var record in records)
                    updater.Failed(record.Id, waiting with { Unconfirmed = false });
                return false;
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(var current):
                var writes = Plan(Read(records, current), reason);
                if (await writer.WriteAsync(provider, zone.Zone, writes, reason, cancellationToken) is { } stopped)
                    backoff.Failed(zone, stopped);
                else
                    backoff.Succeeded(zone);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>
    /// Whether the call to the DNS provider can wait. On a timer: while the name servers return the expected values.
    /// For other reasons below <see cref="ReconcileReason.Start"/>: while the provider or the name servers confirmed
    /// each record within the interval. Never when a write may have arrived late.
    /// </summary>
    private bool CanWait(ZoneRecord[] records, ReconcileReason reason) =>
        reason switch
        {
            _ when records.Any(stateReader.IsReadDue) => false,
            ReconcileReason.Timer => records.All(stateReader.IsSettled),
            < ReconcileReason.Start => records.All(r => stateReader.IsSettled(r) || stateReader.IsFresh(r)),
            _ => false,
        };

    private (ZoneRecord Record, LookupResult<RRset?> Observed)[] Read(
        ZoneRecord[] records,
        IReadOnlyDictionary<RecordKey, RRset> current
    )
    {
        foreach (var record in records)
            updater.Read(record, current.GetValueOrDefault(record.Key));
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
            var action = stateReader.Plan(record, observed);
            span?.SetTag("esddns.action", action.GetType().Name);
            switch (action)
            {
                case PlannedAction.Noop:
                    updater.UpToDate(record, reason);
                    break;
                case PlannedAction.Write(var next):
                    writes.Add(new(record, ((LookupResult<RRset?>.Available)observed).Value, next));
                    break;
                case PlannedAction.Preserve(var why):
                    updater.Preserved(record, why, wasRead: observed is LookupResult<RRset?>.Available);
                    break;
                case PlannedAction.Skip(var why):
                    updater.Skipped(record, why);
                    break;
            }
        }

        return writes;
    }
}
