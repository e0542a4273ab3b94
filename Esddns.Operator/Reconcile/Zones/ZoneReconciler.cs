using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Writing;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>
/// Reconciles the records of one zone: it reads the current records, plans the differences, and has them written.
/// </summary>
internal sealed class ZoneReconciler(
    IDnsProviders providers,
    RecordStateUpdater updater,
    RecordPlanner planner,
    RecordWriter writer,
    ZoneBackoff backoff
)
{
    /// <summary>Reconciles the records. A fault becomes the status of the records, not an exception.</summary>
    public async Task ReconcileAsync(ZoneRun run, ReconcileReason reason)
    {
        var provider = providers.With(run.Zone.Credentials);
        switch (await provider.ReadAsync(run.Zone.Zone, [.. run.Records.Select(r => r.Key)], run.Ended))
        {
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Unavailable(var fault):
                var waiting = backoff.Failed(run.Zone, fault);
                updater.Failed(run.Zone, run.Records, waiting with { Unconfirmed = false });
                break;
            case LookupResult<IReadOnlyDictionary<RecordKey, RRset>>.Available(var current):
                foreach (var record in run.Records)
                    updater.Read(record, current.GetValueOrDefault(record.Key));
                var writes = planner.Plan(run.Records.Where(r => !run.IsSuperseded(r)), current, reason);
                if (await writer.WriteAsync(provider, run, writes, reason) is { } stopped)
                    backoff.Failed(run.Zone, stopped);
                else
                    backoff.Succeeded(run.Zone);
                break;
        }
    }
}
