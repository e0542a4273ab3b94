using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Planning;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.Telemetry;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>Plans records, and records the results that need no write.</summary>
internal sealed class RecordPlanner(RecordStateReader stateReader, RecordStateUpdater updater)
{
    private static readonly LookupResult<RRset?> s_notRead = new LookupResult<RRset?>.Unavailable(
        new(FaultKind.Transient, "not_read", "The DNS provider was not called.")
    );

    /// <summary>Plans records for which the DNS provider is not called; none of them is written.</summary>
    public void PlanUnread(IEnumerable<ZoneRecord> records, ReconcileReason reason)
    {
        foreach (var record in records)
            Plan(record, s_notRead, reason);
    }

    /// <summary>Plans records that were read.</summary>
    /// <returns>The necessary writes.</returns>
    public List<PlannedWrite> Plan(
        IEnumerable<ZoneRecord> records,
        IReadOnlyDictionary<RecordKey, RRset> current,
        ReconcileReason reason
    ) =>
        [
            .. records
                .Select(r => Plan(r, new LookupResult<RRset?>.Available(current.GetValueOrDefault(r.Key)), reason))
                .OfType<PlannedWrite>(),
        ];

    private PlannedWrite? Plan(ZoneRecord record, LookupResult<RRset?> observed, ReconcileReason reason)
    {
        using var span = OperatorTracing.Start("plan");
        span?.SetTag("esddns.record", record.Id.ToString());
        span?.SetTag("esddns.observed", observed.ToString());
        var action = stateReader.Plan(record, observed);
        span?.SetTag("esddns.action", action.GetType().Name);
        switch (action)
        {
            case PlannedAction.Noop:
                updater.UpToDate(record, reason);
                break;
            case PlannedAction.Write(var next):
                return new(record, ((LookupResult<RRset?>.Available)observed).Value, next);
            case PlannedAction.Preserve(var why):
                updater.Preserved(record, why, wasRead: observed is LookupResult<RRset?>.Available);
                break;
            case PlannedAction.Skip(var why):
                updater.Skipped(record, why);
                break;
        }

        return null;
    }
}
