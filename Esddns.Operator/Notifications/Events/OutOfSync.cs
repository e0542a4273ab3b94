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
        var incidents = new Dictionary<string, Incident>();
        foreach (var incident in ledger.Incidents)
            incidents[incident.Record] = incident;
        var count = incidents.Count;
        End(incidents, snapshot.Records, now, found);
        var isChanged = incidents.Count != count;
        var since = Since(snapshot, open, now);
        for (var i = 0; i < open.Count; i++)
        {
            var name = open[i].Id.ToString();
            if (now - since[i] < after || incidents.Count >= MaxIncidents || incidents.ContainsKey(name))
                continue;
            incidents[name] = new Incident(name, since[i]);
            isChanged = true;
            found.Add(NotInSync(open[i], since[i], after));
        }

        return isChanged ? ledger with { Incidents = [.. incidents.Values] } : ledger;
    }

    /// <summary>Ends the incidents of records that are in sync, or not desired any more.</summary>
    private static void End(
        Dictionary<string, Incident> incidents,
        RecordStates records,
        DateTimeOffset now,
        List<NotificationEvent> found
    )
    {
        var gone = new HashSet<string>(incidents.Keys);
        foreach (var record in records)
        {
            var name = record.Id.ToString();
            if (!gone.Remove(name) || record.Condition != SyncCondition.InSync)
                continue;
            found.Add(Resolved(incidents[name], now));
            incidents.Remove(name);
        }

        foreach (var name in gone)
            incidents.Remove(name);
    }

    /// <summary>
    /// For each record, when it was last in sync. Without a transition it was never in sync since the oldest one.
    /// </summary>
    private static DateTimeOffset[] Since(Snapshot snapshot, List<RecordState> open, DateTimeOffset now)
    {
        var since = new DateTimeOffset[open.Count];
        Array.Fill(since, snapshot.Transitions.Since ?? now);
        var indexes = new Dictionary<RecordId, int>();
        for (var i = 0; i < open.Count; i++)
            indexes[open[i].Id] = i;
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

    private static NotificationEvent Resolved(Incident incident, DateTimeOffset now) =>
        NotificationEvent.Of(
            EventKind.Resolved,
            $"{incident.Record} {incident.Since:O}",
            now,
            $"{incident.Record} is in sync again",
            $"it was not since {StatusText.Utc(incident.Since)}"
        );
}
