namespace Esddns.Operator.State;

/// <summary>
/// Finds the transitions of records. Each record contains the condition that was found last, so a restart neither loses
/// nor repeats a transition.
/// </summary>
internal static class TransitionRule
{
    /// <summary>
    /// The snapshot with the transitions since the last call; the same snapshot when there are none. A new record gets
    /// its first condition after its first round.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="now">The time of the transitions.</param>
    /// <param name="before">The records before; those that are missing now are not desired any more. Null when none can
    /// be missing.</param>
    public static Snapshot Apply(Snapshot snapshot, DateTimeOffset now, RecordStates? before = null)
    {
        var found = new List<Transition>();
        var records = snapshot.Records.WithEach(Observe);
        foreach (var record in before ?? RecordStates.Empty)
            if (record.Condition is { } last && snapshot.Records[record.Id] is null)
                found.Add(new Transition(now, record.Id, last, null));
        return found.Count == 0 && snapshot.Transitions.Since is not null
            ? snapshot
            : snapshot with
            {
                Records = records,
                Transitions = snapshot.Transitions.With(found, now),
            };

        RecordState Observe(RecordState record)
        {
            var condition = SyncStatusRule.ConditionOf(record);
            if (condition == record.Condition || record is { Condition: null, State: SyncStatus.Pending })
                return record;
            found.Add(new Transition(now, record.Id, record.Condition, condition));
            return record with { Condition = condition };
        }
    }
}
