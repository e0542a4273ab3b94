using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Planning;

namespace Esddns.Tests.Reconcile;

/// <summary>
/// Proves the planner over its whole (small) state space: every combination of evidence, policy, TTL, observation and
/// memory, with the values old, new, foreign and another foreign. The proof must also detect each of the broken
/// planners below.
/// </summary>
public sealed class PlannerProofTests
{
    private delegate PlannedAction Plan(
        RecordKey key,
        DesiredRecord record,
        Evidence evidence,
        LookupResult<RRset?> observed,
        Ownership ours
    );

    private static readonly RecordKey s_key = new(
        DomainName.Parse("example.com"),
        OwnerName.Parse("home"),
        RecordType.A
    );
    private static readonly IPAddress s_old = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress s_new = IPAddress.Parse("198.51.100.2");
    private static readonly IPAddress s_foreign = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_other = IPAddress.Parse("192.0.2.2");
    private static readonly AddressSet[] s_sets = [.. Subsets([s_old, s_new, s_foreign, s_other])];

    /// <summary>No memory; the last value sent; the last and an earlier value sent; each also outdated.</summary>
    private static readonly Ownership[] s_memories =
    [
        .. from ours in Subsets([s_old, s_new, s_foreign])
        from former in new[] { AddressSet.Empty, AddressSet.Of(s_old), AddressSet.Of(s_other) }
        from isOutdated in new[] { false, true }
        select new Ownership(ours, former, isOutdated),
    ];

    private static readonly Dictionary<string, Plan> s_broken = new()
    {
        ["writes a record with ObserveOnly"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(
                key,
                record.Policy == RecordPolicy.ObserveOnly ? record with { Policy = RecordPolicy.Merge } : record,
                evidence,
                observed,
                ours
            ),
        ["treats unknown evidence as absence"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence is Evidence.Unknown ? new Evidence.Absent() : evidence, observed, ours),
        ["treats an unreadable record as a missing one"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(
                key,
                record,
                evidence,
                observed is LookupResult<RRset?>.Available ? observed : new LookupResult<RRset?>.Available(null),
                ours
            ),
        ["overwrites everything"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record with { Policy = RecordPolicy.Replace }, evidence, observed, ours),
        ["ignores its own value"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, Ownership.None),
        ["ignores its own earlier values"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, ours with { Former = AddressSet.Empty }),
        ["trusts an outdated memory"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, ours with { IsOutdated = false }),
        ["treats all values as its own"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(
                key,
                record,
                evidence,
                observed,
                observed is LookupResult<RRset?>.Available({ } r) ? new(ours.Ours.With(r.Values), ours.Former) : ours
            ),
        ["never removes the old value"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, ours) is PlannedAction.Write(var w)
            && observed is LookupResult<RRset?>.Available({ } r)
                ? new PlannedAction.Write(w with { Values = w.Values.With(r.Values) })
                : Planner.Plan(key, record, evidence, observed, ours),
        ["writes on every round"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, ours) is PlannedAction.Noop
            && observed is LookupResult<RRset?>.Available({ } r)
                ? new PlannedAction.Write(r)
                : Planner.Plan(key, record, evidence, observed, ours),
        ["compares only the values"] = (key, record, evidence, observed, ours) =>
            observed is LookupResult<RRset?>.Available({ } r)
            && evidence is Evidence.Agreed({ Count: > 0 } wanted)
            && r.Values.Equals(wanted)
                ? new PlannedAction.Noop()
                : Planner.Plan(key, record, evidence, observed, ours),
        ["compares only the first value"] = (key, record, evidence, observed, ours) =>
            observed is LookupResult<RRset?>.Available({ Values.Count: > 0 } r)
            && evidence is Evidence.Agreed({ Count: > 0 } wanted)
            && wanted.Contains(r.Values.First())
                ? new PlannedAction.Noop()
                : Planner.Plan(key, record, evidence, observed, ours),
        ["loses the TTL"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record, evidence, observed, ours) is PlannedAction.Write(var w)
                ? new PlannedAction.Write(w with { Ttl = 10_800 })
                : Planner.Plan(key, record, evidence, observed, ours),
        ["removes on absence although it should preserve"] = (key, record, evidence, observed, ours) =>
            Planner.Plan(key, record with { WhenAbsent = AbsencePolicy.Remove }, evidence, observed, ours),
        ["removes everything on absence"] = (key, record, evidence, observed, ours) =>
            evidence is Evidence.Absent
            && record.WhenAbsent == AbsencePolicy.Remove
            && observed is LookupResult<RRset?>.Available({ } r)
                ? new PlannedAction.Write(r with { Values = AddressSet.Empty })
                : Planner.Plan(key, record, evidence, observed, ours),
        ["never writes"] = (_, _, _, _, _) => new PlannedAction.Preserve("no"),
    };

    public static TheoryData<string> Broken => [.. s_broken.Keys];

    [Fact]
    public void Planner_HasNoViolations()
    {
        var (cases, violations) = Check(Planner.Plan);
        Assert.Empty(violations);
        Assert.Equal(5 * 2 * 3 * 2 * (1 + 1 + s_sets.Length * 2) * s_memories.Length, cases);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void BrokenPlanner_FailsTheProof(string how) => Assert.NotEmpty(Check(s_broken[how]).Violations);

    private static (int Cases, List<string> Violations) Check(Plan plan)
    {
        var cases = 0;
        var violations = new List<string>();
        Evidence[] known =
        [
            new Evidence.Unknown(),
            new Evidence.Absent(),
            new Evidence.Agreed(AddressSet.Empty),
            new Evidence.Agreed(AddressSet.Of(s_old)),
            new Evidence.Agreed(AddressSet.Of(s_new)),
        ];
        var space =
            from evidence in known
            from whenAbsent in Enum.GetValues<AbsencePolicy>()
            from policy in Enum.GetValues<RecordPolicy>()
            from ttl in new[] { 300, 600 }
            from observed in Observations()
            from ours in s_memories
            select (evidence, whenAbsent, policy, ttl, observed, ours);
        foreach (var (evidence, whenAbsent, policy, ttl, observed, ours) in space)
        {
            cases++;
            var record = new DesiredRecord(s_key.Fqdn, s_key.Zone, s_key.Name, RecordType.A, ttl, policy)
            {
                WhenAbsent = whenAbsent,
            };
            var action = plan(s_key, record, evidence, observed, ours);
            violations.AddRange(
                Violations(plan, record, evidence, observed, ours, action)
                    .Select(v =>
                        $"{v}: {evidence}, {whenAbsent}, {policy}, ttl {ttl}, observed {observed}, ours {ours} → "
                        + $"{action}"
                    )
            );
        }

        return (cases, violations);
    }

    private static IEnumerable<string> Violations(
        Plan plan,
        DesiredRecord record,
        Evidence evidence,
        LookupResult<RRset?> observed,
        Ownership ours,
        PlannedAction action
    )
    {
        if (record.Policy == RecordPolicy.ObserveOnly)
        {
            if (action is PlannedAction.Write)
                yield return "a record that is only observed was written";
            if (
                plan(s_key, record with { Policy = RecordPolicy.Merge }, evidence, observed, ours) is PlannedAction.Noop
                != action is PlannedAction.Noop
            )
                yield return "the plan of an observed record is not the change that another policy makes";
            yield break;
        }

        if (
            evidence is Evidence.Absent
            && record.WhenAbsent == AbsencePolicy.Remove
            && observed is LookupResult<RRset?>.Available(var there)
        )
        {
            var left = there?.Values.Without(ours.Ever) ?? AddressSet.Empty;
            if (
                action is PlannedAction.Write(var removed)
                    ? !removed.Values.Equals(left) || left.Equals(there?.Values)
                    : action is not PlannedAction.Noop || !left.Equals(there?.Values ?? AddressSet.Empty)
            )
                yield return "absence did not remove exactly what was ours";
            yield break;
        }

        if (
            evidence is not Evidence.Agreed({ Count: > 0 } wanted)
            || observed is not LookupResult<RRset?>.Available(var current)
        )
        {
            if (action is not (PlannedAction.Preserve or PlannedAction.Skip))
                yield return "unknown evidence led to an action";
            if (action is PlannedAction.Skip && evidence is not Evidence.Absent)
                yield return "a record was skipped although its address is not known to be absent";
            yield break;
        }

        var values = current?.Values ?? AddressSet.Empty;
        // Nothing was ever sent, or the memory is outdated and the record holds none of the remembered values.
        var isFirstContact = ours.Ever.Count == 0 || (ours.IsOutdated && values.Without(ours.Ever).Equals(values));
        var isOursToReplace = record.Policy == RecordPolicy.Replace || (isFirstContact && values.Count <= 1);
        switch (action)
        {
            case PlannedAction.Write(var next):
                if (!isOursToReplace && !next.Values.ContainsAll(values.Without(ours.Ever)))
                    yield return "a value that was never ours was removed";
                if (isOursToReplace && !next.Values.Equals(wanted))
                    yield return "a value that must be replaced was kept";
                if (!next.Values.ContainsAll(wanted))
                    yield return "the new value is missing";
                if (!isFirstContact && next.Values.Any(v => ours.Ever.Contains(v) && !wanted.Contains(v)))
                    yield return "an old value of the operator was kept";
                if (next.Values.Any(v => !values.Contains(v) && !wanted.Contains(v)))
                    yield return "an unknown value was written";
                if (next.Ttl != record.Ttl)
                    yield return "the TTL is not the configured one";
                if (next.Equals(current))
                    yield return "an unchanged record was written";
                if (
                    plan(
                        s_key,
                        record,
                        evidence,
                        new LookupResult<RRset?>.Available(next),
                        new(wanted, ours.Ever.Without(wanted))
                    )
                    is not PlannedAction.Noop
                )
                    yield return "the next round writes again";
                break;
            case PlannedAction.Noop:
                if (!values.ContainsAll(wanted))
                    yield return "a record without the address was reported as in sync";
                if (current?.Ttl != record.Ttl)
                    yield return "a record with another TTL was reported as in sync";
                if (record.Policy == RecordPolicy.Replace && !values.Equals(wanted))
                    yield return "a record that must be replaced was reported as in sync";
                if (!isFirstContact && values.Any(v => ours.Ever.Contains(v) && !wanted.Contains(v)))
                    yield return "an old value of ours was overlooked";
                break;
            case PlannedAction.Preserve:
                if (isOursToReplace || !isFirstContact)
                    yield return "no change was made although the change was known";
                break;
        }
    }

    private static IEnumerable<LookupResult<RRset?>> Observations()
    {
        yield return new LookupResult<RRset?>.Unavailable(
            new ProviderFault(FaultKind.Transient, "timeout", "did not answer")
        );
        yield return new LookupResult<RRset?>.Available(null);
        foreach (var set in s_sets)
        {
            yield return new LookupResult<RRset?>.Available(new RRset(s_key, 300, set));
            yield return new LookupResult<RRset?>.Available(new RRset(s_key, 600, set));
        }
    }

    private static IEnumerable<AddressSet> Subsets(IPAddress[] values) =>
        Enumerable
            .Range(0, 1 << values.Length)
            .Select(bits => new AddressSet(values.Where((_, i) => (bits & (1 << i)) != 0)));
}
