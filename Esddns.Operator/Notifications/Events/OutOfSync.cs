using Esddns.Contracts;
using Esddns.Operator.Dns;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;

namespace Esddns.Operator.Notifications.Events;

/// <summary>
/// Finds records that are not in sync for a while, and those that are in sync again. The transitions in the snapshot
/// tell since when, so a restart or a new leader does not start the time again.
/// </summary>
internal static class OutOfSync
{
    /// <summary>The maximum number of records that are reported at the same time.</summary>
    private const int MaxIncidents = 1000;

    /// <summary>Adds the events, and returns the ledger with the incidents of now.</summary>
    public static Ledger Find(
        Snapshot snapshot,
        Ledger ledger,
        TimeSpan after,
        DateTimeOffset now,
        List<NotificationEvent> found
    )
    {
        var open = new List<RecordState>();
        foreach (var record in snapshot.Records)
            if (record.Condition is { } condition && condition != SyncCondition.InSync)
                open.Add(record);
        if (open.Count == 0 && ledger.Incidents.Length == 0)
            return ledger;
        var names = new HashSet<string>();
        var incidents = Continuing(ledger, snapshot.Records, now, names, found);
        var isChanged = incidents.Count != ledger.Incidents.Length;
        var since = Since(snapshot, open, now);
        for (var i = 0; i < open.Count; i++)
        {
            if (now - since[i] < after || incidents.Count >= MaxIncidents || !names.Add(open[i].Id.ToString()))
                continue;
            incidents.Add(new TimedName(open[i].Id.ToString(), since[i]));
            found.Add(NotInSync(open[i], since[i], after));
            isChanged = true;
        }

        return isChanged ? ledger with { Incidents = incidents.ToArray() } : ledger;
    }

    /// <summary>
    /// The incidents that continue. Those of records that are in sync again are found as resolved; those of records
    /// that are not desired any more end silently.
    /// </summary>
    private static List<TimedName> Continuing(
        Ledger ledger,
        RecordStates records,
        DateTimeOffset now,
        HashSet<string> names,
        List<NotificationEvent> found
    )
    {
        var incidents = new List<TimedName>();
        foreach (var incident in ledger.Incidents)
        {
            if (IdOf(incident) is not { } id || records[id] is not { } record)
                continue;
            if (record.Condition == SyncCondition.InSync)
            {
                found.Add(Resolved(incident, now));
                continue;
            }

            incidents.Add(incident);
            names.Add(incident.Name);
        }

        return incidents;
    }

    private static RecordId? IdOf(TimedName incident) =>
        incident.Name.Split(' ') is [var name, var type] && RecordId.TryParse(name, type, out var id) ? id : null;

    /// <summary>
    /// For each record, when it was last in sync. Without a transition it was never in sync since the oldest one.
    /// </summary>
    private static DateTimeOffset[] Since(Snapshot snapshot, List<RecordState> open, DateTimeOffset now)
    {
        var since = new DateTimeOffset[open.Count];
        var indexes = new Dictionary<RecordId, int>();
        for (var i = 0; i < open.Count; i++)
        {
            since[i] = snapshot.Transitions.Since ?? now;
            indexes[open[i].Id] = i;
        }

        // From the newest to the oldest: the last one before the record was in sync counts.
        foreach (var transition in snapshot.Transitions.Entries)
        {
            if (!indexes.TryGetValue(transition.Id, out var index))
                continue;
            if (transition.To == SyncCondition.InSync)
                indexes.Remove(transition.Id);
            else
                since[index] = transition.At;
            if (indexes.Count == 0)
                break;
        }

        return since;
    }

    private static NotificationEvent NotInSync(RecordState record, DateTimeOffset since, TimeSpan after) =>
        NotificationEvent.Of(
            EventKind.NotInSync,
            $"{record.Id} {since:O}",
            since + after,
            $"{record.Id} is not in sync",
            $"since {StatusText.Utc(since)}: {record.Reason ?? record.State.ToString()}"
        );

    private static NotificationEvent Resolved(TimedName incident, DateTimeOffset now) =>
        NotificationEvent.Of(
            EventKind.Resolved,
            $"{incident.Name} {incident.At:O}",
            now,
            $"{incident.Name} is in sync again",
            $"it was not since {StatusText.Utc(incident.At)}"
        );
}
