using System.Collections.Immutable;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>What the answers of a zone's name servers mean. Pure.</summary>
internal static class PropagationRule
{
    private const int MaxNamed = 3;

    /// <summary>Judges a look at a record whose <see cref="RecordState.Current"/> is known.</summary>
    /// <param name="record">The record, as it was when the servers were asked.</param>
    /// <param name="answers">What each of them answered.</param>
    /// <param name="isOnItsWay">Whether the last write is so young that servers may still have what was before.</param>
    /// <param name="now">The time.</param>
    /// <returns>What is to be kept, and whether somebody else seems to have changed the record.</returns>
    public static (Propagation Propagation, bool IsDrift) Judge(
        RecordState record,
        ImmutableArray<ServerAnswer> answers,
        bool isOnItsWay,
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
            Contradiction(record, answers, before, isOnItsWay),
            answers.Length
        );

        // Servers that all answer the same, and not what is known, are not late: somebody changed the record.
        var heard = others.Where(a => a.Kind != ServerAnswerKind.Unknown).ToArray();
        var isDrift =
            heard.Length > 0
            && heard.Length == answers.Count(a => a.Kind != ServerAnswerKind.Unknown)
            && heard.All(a => a.Kind is ServerAnswerKind.Records or ServerAnswerKind.Alias && a.IsLike(heard[0]))
            && (before is { IsDone: true } || !isOnItsWay);
        return (propagation, isDrift);
    }

    /// <summary>
    /// Whether another look is due soon, because the last one left a doubt that only another one can end.
    /// </summary>
    public static bool IsInDoubt(RecordState record, Propagation last) =>
        last is { IsDone: false, Contradiction: null }
        && last.Others.Any(a => a.Kind != ServerAnswerKind.Unknown && !HasValues(record, a));

    /// <summary>
    /// What is certain at once: that the servers serve the name from elsewhere, or have no such zone. That they answer
    /// something else is certain after the usual delay, and when two looks in a row saw it: after the first one the
    /// provider is read.
    /// </summary>
    private static string? Contradiction(
        RecordState record,
        ImmutableArray<ServerAnswer> answers,
        Propagation? before,
        bool isOnItsWay
    )
    {
        var heard = answers.Where(a => a.Kind != ServerAnswerKind.Unknown).ToArray();
        // Silence neither makes nor ends a contradiction.
        if (heard.Length == 0)
            return before?.Contradiction;
        var wrong = heard.Where(a => !HasValues(record, a)).ToArray();
        if (wrong.Length == 0)
            return null;

        var isNowhere =
            wrong.Length == heard.Length
            && wrong.All(a => a.Kind is ServerAnswerKind.OtherZone or ServerAnswerKind.NotResponsible)
            && (wrong.Any(a => a.Kind == ServerAnswerKind.OtherZone) || heard.Length == answers.Length);
        if (isNowhere)
            return record.Current!.Count == 0 ? null : Text(wrong);

        // Resolvers pass over a server that is not responsible while another one is.
        var misleading = wrong.Where(a => a.Kind != ServerAnswerKind.NotResponsible).ToArray();
        return misleading.Length > 0 && !isOnItsWay && before is { IsDone: false } ? Text(misleading) : null;
    }

    private static bool IsRight(RecordState record, ServerAnswer answer) =>
        HasValues(record, answer) && !HasOtherTtl(record, answer);

    /// <summary>Values that are no address in their usual form may be served as some address.</summary>
    private static bool HasValues(RecordState record, ServerAnswer answer) =>
        record.Unread.IsEmpty
            ? record.Current!.Equals(answer.Values)
            : answer.Values?.ContainsAll(record.Current!) == true;

    /// <summary>The TTL counts where the record is known to be stored with ours.</summary>
    private static bool HasOtherTtl(RecordState record, ServerAnswer answer) =>
        record is { Outcome: RecordOutcome.Noop or RecordOutcome.Updated, Desired.Count: > 0 }
        && answer.Ttl is { } ttl
        && ttl != record.Ttl;

    private static string Text(IReadOnlyCollection<ServerAnswer> answers) =>
        string.Join("; ", answers.Take(MaxNamed))
        + (answers.Count > MaxNamed ? $"; and {answers.Count - MaxNamed} more" : "");
}
