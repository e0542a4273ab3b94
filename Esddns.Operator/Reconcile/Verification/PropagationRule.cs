using System.Collections.Immutable;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Verification;

/// <summary>Evaluates the responses of the authoritative name servers of a zone. Pure.</summary>
internal static class PropagationRule
{
    private const int MaxNamed = 3;

    /// <summary>Evaluates a check of a record whose <see cref="RecordState.Current"/> is known.</summary>
    /// <param name="record">The record as it was when the servers were queried.</param>
    /// <param name="answers">The response of each server.</param>
    /// <param name="isPropagating">Whether the last write is so recent that servers may still have the previous
    /// values.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The result of the check, and whether another client seems to have changed the record.</returns>
    public static (Propagation Propagation, bool IsDrift) Evaluate(
        RecordState record,
        ImmutableArray<ServerAnswer> answers,
        bool isPropagating,
        DateTimeOffset now
    )
    {
        var expected = record.Current!;
        var others = answers.Where(a => !IsRight(record, a)).ToImmutableArray();
        var isDone = answers.Length > 0 && others.IsEmpty;
        var before = record.Propagation is { } last && last.Expected.Equals(expected) ? last : null;
        var propagation = new Propagation(
            now,
            expected,
            isDone,
            others,
            Contradiction(record, answers, before, isPropagating),
            answers.Length
        );

        // When all servers return the same unexpected values, the cause is a change of the record, not a delay.
        var usable = others.Where(a => a.Kind != ServerAnswerKind.Unknown).ToArray();
        var isDrift =
            usable.Length > 0
            && usable.Length == answers.Count(a => a.Kind != ServerAnswerKind.Unknown)
            && usable.All(a => a.Kind is ServerAnswerKind.Records or ServerAnswerKind.Alias && a.IsLike(usable[0]))
            && (before is { IsDone: true } || !isPropagating);
        return (propagation, isDrift);
    }

    /// <summary>
    /// Whether another check is due soon, because only a second check can resolve the result of the last one.
    /// </summary>
    public static bool IsInDoubt(RecordState record, Propagation last) =>
        last is { IsDone: false, Contradiction: null }
        && last.Others.Any(a => a.Kind != ServerAnswerKind.Unknown && !HasValues(record, a));

    /// <summary>
    /// Finds the reason why resolvers cannot get the record. It is certain at once when the servers serve the name from
    /// another zone, or do not have the zone. Other values are certain only after the usual delay, and when two checks
    /// in a row saw them: the provider is read after the first one.
    /// </summary>
    private static string? Contradiction(
        RecordState record,
        ImmutableArray<ServerAnswer> answers,
        Propagation? before,
        bool isPropagating
    )
    {
        var usable = answers.Where(a => a.Kind != ServerAnswerKind.Unknown).ToArray();
        // Servers without a response neither create nor end a contradiction.
        if (usable.Length == 0)
            return before?.Contradiction;
        var wrong = usable.Where(a => !HasValues(record, a)).ToArray();
        if (wrong.Length == 0)
            return null;

        var isNowhere =
            wrong.Length == usable.Length
            && wrong.All(a => a.Kind is ServerAnswerKind.OtherZone or ServerAnswerKind.NotResponsible)
            && (wrong.Any(a => a.Kind == ServerAnswerKind.OtherZone) || usable.Length == answers.Length);
        if (isNowhere)
            return record.Current!.Count == 0 ? null : Describe(wrong);

        // Resolvers skip a server that is not authoritative while another one is.
        var misleading = wrong.Where(a => a.Kind != ServerAnswerKind.NotResponsible).ToArray();
        return misleading.Length > 0 && !isPropagating && before is { IsDone: false } ? Describe(misleading) : null;
    }

    private static bool IsRight(RecordState record, ServerAnswer answer) =>
        HasValues(record, answer) && !HasOtherTtl(record, answer);

    /// <summary>Servers may serve addresses for values that are not in canonical form.</summary>
    private static bool HasValues(RecordState record, ServerAnswer answer) =>
        record.Unparsed.IsEmpty
            ? record.Current!.Equals(answer.Values)
            : answer.Values?.ContainsAll(record.Current!) == true;

    /// <summary>Compares the TTL only when the record is known to be stored with the desired TTL.</summary>
    private static bool HasOtherTtl(RecordState record, ServerAnswer answer) =>
        record is { Outcome: RecordOutcome.Noop or RecordOutcome.Updated, Desired.Count: > 0 }
        && answer.Ttl is { } ttl
        && ttl != record.Ttl;

    private static string Describe(IReadOnlyCollection<ServerAnswer> answers) =>
        string.Join("; ", answers.Take(MaxNamed))
        + (answers.Count > MaxNamed ? $"; and {answers.Count - MaxNamed} more" : "");
}
