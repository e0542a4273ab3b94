namespace Esddns.Operator.State;

/// <summary>
/// Tells changes of the state from newer times. Times are: the number of the round, when something was checked, read,
/// confirmed or tried, when it will be checked or tried, and the votes of the last round. Everything else is a change,
/// such as a value, its ownership, an outcome, a reason, or the first of these times.
/// </summary>
internal static class SnapshotChange
{
    /// <summary>Whether more than times differs.</summary>
    public static bool IsMoreThanTimes(Snapshot before, Snapshot after) =>
        !(
            before
            == after with
            {
                Round = before.Round,
                At = before.At,
                NextCheckAt = Time(before.NextCheckAt, after.NextCheckAt),
                Wan = IsSame(before.Wan, after.Wan, WithTimesOf) ? before.Wan : after.Wan,
                Nodes = IsSame(before.Nodes, after.Nodes, WithListsOf) ? before.Nodes : after.Nodes,
                History = IsSame(before.History, after.History, (_, change) => change) ? before.History : after.History,
                Transitions = IsSame(before.Transitions.Entries, after.Transitions.Entries, (_, entry) => entry)
                    ? before.Transitions
                    : after.Transitions,
                Records = IsSame(before.Records, after.Records, WithTimesOf) ? before.Records : after.Records,
            }
        );

    /// <summary>Whether two lists are equal. Lists in records are compared by reference.</summary>
    private static bool IsSame<T>(IReadOnlyCollection<T> before, IReadOnlyCollection<T> after, Func<T, T, T> adapt)
        where T : class =>
        ReferenceEquals(before, after)
        || (
            before.Count == after.Count
            && before
                .Zip(after)
                .All(p => ReferenceEquals(p.First, p.Second) || p.First.Equals(adapt(p.First, p.Second)))
        );

    private static WanState WithTimesOf(WanState before, WanState after) =>
        after with
        {
            CheckedAt = before.CheckedAt,
            Votes = before.Votes,
            Signs = before.Signs.SequenceEqual(after.Signs) ? before.Signs : after.Signs,
            Participants = before
                .Participants.Select(p => p.Provider)
                .Order(StringComparer.Ordinal)
                .SequenceEqual(after.Participants.Select(p => p.Provider).Order(StringComparer.Ordinal))
                ? before.Participants
                : after.Participants,
        };

    private static NodeView WithListsOf(NodeView before, NodeView after) =>
        after with
        {
            Names = before.Names.SequenceEqual(after.Names) ? before.Names : after.Names,
        };

    private static RecordState WithTimesOf(RecordState before, RecordState after) =>
        after with
        {
            LastAttempt = Time(before.LastAttempt, after.LastAttempt),
            LastVerified = Time(before.LastVerified, after.LastVerified),
            Former = before.Former.SequenceEqual(after.Former) ? before.Former : after.Former,
            Unparsed = before.Unparsed.SequenceEqual(after.Unparsed) ? before.Unparsed : after.Unparsed,
            LastError = (before.LastError, after.LastError) is ({ } error, { } next)
                ? next with
                {
                    At = error.At,
                    RetryAt = Time(error.RetryAt, next.RetryAt),
                }
                : after.LastError,
            Propagation = (before.Propagation, after.Propagation) is ({ } seen, { } last)
                ? last with
                {
                    At = seen.At,
                    Others = seen.Others.SequenceEqual(last.Others) ? seen.Others : last.Others,
                }
                : after.Propagation,
        };

    /// <summary>The first of two times; a time that appears or disappears is a change.</summary>
    private static DateTimeOffset? Time(DateTimeOffset? before, DateTimeOffset? after) =>
        before is null || after is null ? after : before;
}
