using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>What is known of the addresses that a record should hold. Unknown is not absent.</summary>
internal abstract record Evidence
{
    /// <summary>Nothing, and why.</summary>
    internal sealed record Unknown(string Reason = "address unknown") : Evidence;

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

    /// <summary>There is nothing to publish, and nothing of ours to remove.</summary>
    internal sealed record Skip(string Reason) : PlannedAction;
}

/// <summary>Which values of an RRset are ours, as far as is remembered.</summary>
/// <param name="Ours">Those that were sent last, confirmed or not.</param>
/// <param name="Former">Those before them.</param>
/// <param name="IsOutdated">Whether values may have been sent since that are not remembered: a state file that could
/// not be written.</param>
internal sealed record Ownership(AddressSet Ours, AddressSet Former, bool IsOutdated = false)
{
    /// <summary>Nothing is remembered.</summary>
    public static Ownership None { get; } = new(AddressSet.Empty, AddressSet.Empty);

    /// <summary>All that is or was ours.</summary>
    public AddressSet Ever => Ours.With(Former);

    /// <summary>
    /// Whether what an RRset holds cannot be told by memory: nothing was ever sent, or what was sent since is
    /// forgotten.
    /// </summary>
    public bool IsFirstContact(AddressSet values) => Ever.Count == 0 || (IsOutdated && !values.Any(Ever.Contains));
}

/// <summary>
/// From evidence, wish, observation and memory to one action. Pure, and proved over its whole state space by a test.
/// </summary>
internal static class Planner
{
    /// <summary>
    /// Plans one RRset. Values that are not ours are kept; values that were ever ours, and are not wanted, go whenever
    /// they are seen. On first contact a single value is taken for ours, several are not.
    /// </summary>
    /// <param name="key">The RRset.</param>
    /// <param name="record">How it is wanted.</param>
    /// <param name="evidence">What is known of the addresses that it should hold.</param>
    /// <param name="observed">What the provider has; null within a known answer when it is known not to exist.</param>
    /// <param name="ownership">Which values are ours.</param>
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
            ? new PlannedAction.Preserve(
                $"it is only observed; it would become {next.Values} with a TTL of {next.Ttl} s"
            )
            : action;
    }

    private static PlannedAction PlanPresence(
        RecordKey key,
        DesiredRecord record,
        Evidence evidence,
        LookupResult<RRset?> observed,
        Ownership ownership
    )
    {
        if (evidence is not Evidence.Agreed({ Count: > 0 } wanted))
            return new PlannedAction.Preserve(
                evidence is Evidence.Unknown(var unknown) ? unknown : "there is no address"
            );
        if (observed is not LookupResult<RRset?>.Available(var current))
            return new PlannedAction.Preserve("the provider could not be read");
        if (current is null || current.IsEmpty)
            return new PlannedAction.Write(
                new RRset(current?.Key ?? key, record.Ttl, wanted, current?.Href) { StoredName = current?.StoredName }
            );

        var (values, isFirstContact) = (current.Values, ownership.IsFirstContact(current.Values));
        AddressSet planned;
        if (record.Policy == RecordPolicy.Replace || (isFirstContact && values.Count == 1 && current.Unread.IsEmpty))
            planned = wanted;
        else if (!isFirstContact)
            planned = values.Without(ownership.Ever).With(wanted);
        else if (values.ContainsAll(wanted))
            planned = values;
        else
            return new PlannedAction.Preserve(
                "it holds values that are not known to be ours "
                    + $"({string.Join(", ", [values.ToString(), .. current.Unread])}): "
                    + "remove those that are not yours, or set its policy to Replace"
            );

        var next = current with { Ttl = record.Ttl, Values = planned };
        if (record.Policy == RecordPolicy.Replace)
            next = next with { Unread = [] };
        return next.Equals(current) ? new PlannedAction.Noop() : new PlannedAction.Write(next);
    }

    /// <summary>
    /// Only what is known to be ours can go; an RRset without values is written as one that does not exist.
    /// </summary>
    private static PlannedAction PlanAbsence(DesiredRecord record, LookupResult<RRset?> observed, Ownership ownership)
    {
        if (record.WhenAbsent == AbsencePolicy.Preserve)
            return new PlannedAction.Skip($"this host has no {record.Family} address");
        if (observed is not LookupResult<RRset?>.Available(var current))
        {
            return ownership.Ever.Count == 0
                ? new PlannedAction.Skip($"this host has no {record.Family} address, and nothing in the record is ours")
                : new PlannedAction.Preserve("the provider could not be read");
        }

        var left = current?.Values.Without(ownership.Ever) ?? AddressSet.Empty;
        return current is null || left.Equals(current.Values)
            ? new PlannedAction.Noop()
            : new PlannedAction.Write(current with { Values = left });
    }
}
