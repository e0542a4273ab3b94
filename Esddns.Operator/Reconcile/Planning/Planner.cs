using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Reconcile.Planning;

/// <summary>
/// Computes one action from evidence, desired record, current RRset and ownership. Pure; a test verifies it over its
/// whole state space.
/// </summary>
internal static class Planner
{
    /// <summary>
    /// Plans one RRset. Foreign values are kept. Values that were ever ours and are not desired are removed. When no
    /// value is known to be ours, a single value counts as ours; several values do not.
    /// </summary>
    /// <param name="key">The location of the RRset.</param>
    /// <param name="record">The desired record.</param>
    /// <param name="evidence">The evidence for its addresses.</param>
    /// <param name="observed">The current RRset at the provider; null within an available result when it does not
    /// exist.</param>
    /// <param name="ownership">The values that are ours.</param>
    public static PlannedAction Plan(
        RecordKey key,
        DesiredRecord record,
        Evidence evidence,
        LookupResult<RRset?> observed,
        Ownership ownership
    )
    {
        var action =
            evidence is Evidence.Absent
                ? PlanAbsence(record, observed, ownership)
                : PlanPresence(key, record, evidence, observed, ownership);
        return record.Policy == RecordPolicy.ObserveOnly && action is PlannedAction.Write(var next)
            ? new PlannedAction.Preserve(Observed(next))
            : action;
    }

    private static string Observed(RRset next) =>
        next.IsEmpty
            ? "policy ObserveOnly; would remove the record"
            : $"policy ObserveOnly; would write {next.Values} with TTL {next.Ttl} s";

    private static string NotOurs(RRset current)
    {
        var values = string.Join(", ", [current.Values.ToString(), .. current.Unparsed]);
        return $"the record has values that are not known to be ours ({values}): "
            + "remove those that are not yours, or set its policy to Replace";
    }

    private static PlannedAction PlanPresence(
        RecordKey key,
        DesiredRecord record,
        Evidence evidence,
        LookupResult<RRset?> observed,
        Ownership ownership
    )
    {
        if (evidence is not Evidence.Agreed({ Count: > 0 } desired))
            return new PlannedAction.Preserve(
                evidence is Evidence.Unknown(var unknown) ? unknown : "there is no address"
            );
        if (observed is not LookupResult<RRset?>.Available(var current))
            return new PlannedAction.Preserve("the provider could not be read");
        if (current is null || current.IsEmpty)
            return new PlannedAction.Write(
                new RRset(current?.Key ?? key, record.Ttl, desired, current?.Href) { StoredName = current?.StoredName }
            );

        var (values, isFirstContact) = (current.Values, ownership.IsUnknownFor(current.Values));
        AddressSet planned;
        if (record.Policy == RecordPolicy.Replace || (isFirstContact && values.Count == 1 && current.Unparsed.IsEmpty))
            planned = desired;
        else if (!isFirstContact)
            planned = values.Without(ownership.Ever).With(desired);
        else if (values.ContainsAll(desired))
            planned = values;
        else
            return new PlannedAction.Preserve(NotOurs(current));

        var next = current with { Ttl = record.Ttl, Values = planned };
        if (record.Policy == RecordPolicy.Replace)
            next = next with { Unparsed = [] };
        return next.Equals(current) ? new PlannedAction.Noop() : new PlannedAction.Write(next);
    }

    /// <summary>
    /// Plans a record without an address. Only values that are known to be ours are removed; an RRset without values is
    /// deleted.
    /// </summary>
    private static PlannedAction PlanAbsence(DesiredRecord record, LookupResult<RRset?> observed, Ownership ownership)
    {
        if (record.WhenAbsent == AbsencePolicy.Preserve)
            return new PlannedAction.Skip($"this host has no {record.Family} address");
        if (observed is not LookupResult<RRset?>.Available(var current))
        {
            return ownership.Ever.Count == 0
                ? new PlannedAction.Skip(
                    $"this host has no {record.Family} address, and no value of the record is ours"
                )
                : new PlannedAction.Preserve("the provider could not be read");
        }

        var left = current?.Values.Without(ownership.Ever) ?? AddressSet.Empty;
        return current is null || left.Equals(current.Values)
            ? new PlannedAction.Noop()
            : new PlannedAction.Write(current with { Values = left });
    }
}
