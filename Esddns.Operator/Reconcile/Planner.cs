using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>What is known of the addresses that a record should hold. Unknown is not absent.</summary>
internal abstract record Evidence
{
    /// <summary>Nothing, and why.</summary>
    internal sealed record Unknown(string Reason = "the WAN address is not agreed") : Evidence;

    /// <summary>There are none, and that is certain.</summary>
    internal sealed record Absent : Evidence;

    /// <summary>These.</summary>
    internal sealed record Agreed(AddressSet Addresses) : Evidence;
}

/// <summary>What is to be done about one RRset.</summary>
internal abstract record PlannedAction
{
    /// <summary>It is as it should be.</summary>
    internal sealed record Noop : PlannedAction;

    /// <summary>It is to become <paramref name="RRset"/>.</summary>
    internal sealed record Write(RRset RRset) : PlannedAction;

    /// <summary>It stays as it is, although it is not as it should be.</summary>
    internal sealed record Preserve(string Reason) : PlannedAction;
}

/// <summary>From evidence, wish, observation and memory to one action. Pure, and proved over its whole state space by a test.</summary>
internal static class Planner
{
    /// <summary>
    /// Plans one RRset. Values that are not ours are kept. Ours are those published before; on first contact, a single value is
    /// taken for ours, several are not.
    /// </summary>
    /// <param name="key">The RRset.</param>
    /// <param name="record">How it is wanted.</param>
    /// <param name="evidence">What is known of the addresses that it should hold.</param>
    /// <param name="observed">What the provider has; null within a known answer when it is known not to exist.</param>
    /// <param name="ours">The values known to be ours; empty on first contact.</param>
    public static PlannedAction Plan(RecordKey key, DesiredRecord record, Evidence evidence, Answer<RRset?> observed, AddressSet ours)
    {
        var action = evidence is Evidence.Absent ? PlanAbsence(record, observed, ours) : PlanPresence(key, record, evidence, observed, ours);
        return record.Policy == RecordPolicy.ObserveOnly && action is PlannedAction.Write(var next)
            ? new PlannedAction.Preserve($"it is only observed; it would become {next.Values} with a TTL of {next.Ttl} s")
            : action;
    }

    private static PlannedAction PlanPresence(RecordKey key, DesiredRecord record, Evidence evidence, Answer<RRset?> observed, AddressSet ours)
    {
        if (evidence is not Evidence.Agreed({ Count: > 0 } wanted))
            return new PlannedAction.Preserve(evidence is Evidence.Unknown(var unknown) ? unknown : "there is no address");
        if (observed is not Answer<RRset?>.Known(var current)) return new PlannedAction.Preserve("the provider could not be read");
        if (current is null || current.Values.Count == 0)
            return new PlannedAction.Write(new RRset(current?.Key ?? key, record.Ttl, wanted, current?.Href));

        var values = current.Values;
        AddressSet planned;
        if (record.Policy == RecordPolicy.Replace || (ours.Count == 0 && values.Count == 1)) planned = wanted;
        else if (ours.Count > 0) planned = values.Without(ours).With(wanted);
        else if (values.ContainsAll(wanted)) planned = values;
        else return new PlannedAction.Preserve(
            $"it holds several values that are not known to be ours ({values}): remove those that are not yours, or set its policy to Replace");

        return planned.Equals(values) && current.Ttl == record.Ttl
            ? new PlannedAction.Noop()
            : new PlannedAction.Write(current with { Ttl = record.Ttl, Values = planned });
    }

    /// <summary>Only what is known to be ours can go; an RRset without values is written as one that does not exist.</summary>
    private static PlannedAction PlanAbsence(DesiredRecord record, Answer<RRset?> observed, AddressSet ours)
    {
        if (record.WhenAbsent == AbsencePolicy.Preserve) return new PlannedAction.Preserve($"this host has no {record.Family} address");
        if (observed is not Answer<RRset?>.Known(var current)) return new PlannedAction.Preserve(ours.Count == 0 ? "nothing in it is ours" : "the provider could not be read");
        var left = current?.Values.Without(ours) ?? AddressSet.Empty;
        return current is null || left.Equals(current.Values) ? new PlannedAction.Noop() : new PlannedAction.Write(current with { Values = left });
    }
}
