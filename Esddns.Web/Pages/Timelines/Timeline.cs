using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Pages.Timelines;

/// <summary>The conditions of records over time, from the transitions that the operator keeps.</summary>
internal sealed class Timeline
{
    private readonly Dictionary<(string, string), List<TransitionStatus>> _transitions = [];
    private readonly DateTimeOffset _since;

    private Timeline(DateTimeOffset since) => _since = since;

    /// <summary>
    /// The timeline of some records. Null when the operator keeps no transitions, or does not know since when they are
    /// complete.
    /// </summary>
    public static Timeline? Of(StatusDocument status, IEnumerable<RecordStatus> records)
    {
        if (status is not { Transitions: { } transitions, TransitionsSince: { } since })
            return null;
        var timeline = new Timeline(since);
        foreach (var record in records)
            timeline._transitions[(record.Fqdn, record.RecordType)] = [];
        foreach (var transition in transitions.OrderByDescending(t => t.At))
            if (timeline._transitions.TryGetValue((transition.Fqdn, transition.Type), out var own))
                own.Add(transition);
        return timeline;
    }

    /// <summary>The spans of a record, newest first, without gaps.</summary>
    /// <param name="record">One of the records of this timeline.</param>
    /// <param name="from">The start of the oldest span.</param>
    /// <param name="to">The end of the newest span.</param>
    public IReadOnlyList<TimelineSpan> Spans(RecordStatus record, DateTimeOffset from, DateTimeOffset to)
    {
        var own = _transitions[(record.Fqdn, record.RecordType)];
        var spans = new List<TimelineSpan>();
        // Transitions before this time may be missing.
        var oldest = _since < from ? from : _since;
        var (end, condition) = (to, own is [var newest, ..] ? newest.To : FirstCondition(record));
        foreach (var transition in own)
        {
            Add(transition.At < oldest ? oldest : transition.At, condition);
            condition = transition.From;
        }

        Add(oldest, condition);
        Add(from, null);
        return spans;

        void Add(DateTimeOffset start, string? during)
        {
            if (start >= end)
                return;
            spans.Add(new TimelineSpan(start, end, during));
            end = start;
        }
    }

    /// <summary>The condition of a record without transitions. It has none before its first round.</summary>
    private static string? FirstCondition(RecordStatus record) =>
        record.StateOrUnknown == "Pending" ? null : Condition.Of(record);
}
