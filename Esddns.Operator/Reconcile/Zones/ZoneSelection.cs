using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Writing;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>Selects the zones for which the DNS provider is called in a round.</summary>
internal sealed class ZoneSelection(
    RecordStateReader stateReader,
    RecordPlanner planner,
    RecordWriter writer,
    ZoneBackoff backoff
)
{
    /// <summary>
    /// Selects zones and their records, those that failed before last. Records that need no call get their status here.
    /// </summary>
    /// <param name="records">All records, with the evidence of the round.</param>
    /// <param name="busy">Records that are left out, because an earlier round works on them.</param>
    /// <param name="running">Zones that are left out, because an earlier round works on them.</param>
    /// <param name="reason">The reason of the round.</param>
    public IReadOnlyList<(HostedZone Zone, ZoneRecord[] Records)> Select(
        IReadOnlyList<ZoneRecord> records,
        IReadOnlySet<RecordId> busy,
        IReadOnlySet<HostedZone> running,
        ReconcileReason reason
    )
    {
        // Name servers do not show that a token was revoked.
        var usedCredentials = records
            .Where(r => stateReader.WasReadLately(r, reason))
            .Select(CredentialsOf)
            .ToHashSet();
        var selected = new List<(HostedZone Zone, ZoneRecord[] Records)>();
        var tried = new HashSet<HostedZone>(running);
        foreach (var group in records.Where(r => !busy.Contains(r.Id)).GroupBy(HostedZone.Of))
        {
            var zone = group.Key;
            var (toRead, unread) = (new List<ZoneRecord>(), new List<ZoneRecord>());
            foreach (var record in group)
                (stateReader.NeedsRead(record) ? toRead : unread).Add(record);
            planner.PlanUnread(unread, reason);
            if (toRead.Count == 0)
                continue;
            tried.Add(zone);
            ZoneRecord[] due = [.. toRead.Where(r => writer.MayTry(r, reason))];
            if (running.Contains(zone) || due.Length == 0)
                continue;
            var canWait = CanWait(due, reason);
            if ((canWait && usedCredentials.Contains(zone.Credentials ?? "")) || !backoff.MayTry(zone, reason))
                continue;
            // One record shows whether the credentials are valid; a large zone has many pages.
            selected.Add((zone, canWait ? due[..1] : due));
            usedCredentials.Add(zone.Credentials ?? "");
        }

        backoff.RetainOnly(tried, records.Select(HostedZone.Of).ToHashSet());
        writer.RetainOnly(records);
        return [.. selected.OrderBy(s => backoff.HasFailed(s.Zone))];
    }

    private static string CredentialsOf(ZoneRecord record) => record.Record.Credentials ?? "";

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
}
