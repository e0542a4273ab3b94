using Esddns.Contracts;
using Esddns.Web.Pages.Changes;
using Esddns.Web.Pages.Timelines;

namespace Esddns.Tests.Web.Pages;

/// <summary>The bars of the last day and month, and the chart of changes.</summary>
public sealed class TimelineTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecordStatus s_record = new("a.example.com", 300, true, "A", "UpToDate");

    [Fact]
    public void Spans_FollowTheTransitionsOfTheRecord_FromTheNewest()
    {
        var spans = Spans(
            TimeSpan.FromHours(20),
            Transition(2, "OutOfSync", "InSync"),
            Transition(3, "InSync", "OutOfSync"),
            Transition(1, "InSync", "OutOfSync") with
            {
                Fqdn = "b.example.com",
            },
            Transition(40, null, "InSync")
        );
        Assert.Equal(["InSync", "OutOfSync", "InSync", null], spans.Select(s => s.Condition));
        Assert.Equal([2, 1, 17, 4], spans.Select(s => s.Duration.TotalHours));
    }

    [Fact]
    public void Spans_WithoutTransitions_HaveTheConditionOfNow_SinceTheRecordingStarted()
    {
        var spans = Spans(TimeSpan.FromHours(6));
        Assert.Equal([("InSync", 6.0), (null, 18.0)], spans.Select(s => (s.Condition, s.Duration.TotalHours)));
        Assert.Equal([(null, 24.0)], Pending().Select(s => (s.Condition, s.Duration.TotalHours)));
    }

    [Fact]
    public void Spans_NewRecord_HasNoHistoryBefore()
    {
        var spans = Spans(TimeSpan.FromDays(9), Transition(1, null, "InSync"));
        Assert.Equal(["InSync", null], spans.Select(s => s.Condition));
    }

    [Fact]
    public void Timeline_OfAnOlderOperator_IsMissing() =>
        Assert.Null(Timeline.Of(new StatusDocument(1, s_now, true, [], [s_record], []), [s_record]));

    [Fact]
    public void Bar_TickShowsTheWorstOfItsTime_AndTheTextAllOfIt()
    {
        var spans = Spans(
            TimeSpan.FromDays(2),
            Transition(2, "OutOfSync", "InSync"),
            new TransitionStatus(s_now.AddHours(-2).AddMinutes(-6), "a.example.com", "A", "InSync", "OutOfSync")
        );
        var svg = TimelineBar.Draw("Last 24 hours", spans, 24).ToString();
        Assert.Contains(
            "<title>Last 24 hours: 99.5 % in sync, 6 min out of sync</title>",
            svg,
            StringComparison.Ordinal
        );
        Assert.Contains("<path class=\"good\" d=\"M0 5h21\"/>", svg, StringComparison.Ordinal);
        Assert.Contains("<path class=\"bad\" d=\"M21 5h1\"/>", svg, StringComparison.Ordinal);
        Assert.Contains("<path class=\"good\" d=\"M22 5h2\"/>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_ShortFault_IsNeverRoundedTo100Percent()
    {
        var spans = Spans(
            TimeSpan.FromDays(2),
            Transition(2, "Unknown", "InSync"),
            new TransitionStatus(s_now.AddHours(-2).AddSeconds(-1), "a.example.com", "A", "InSync", "Unknown")
        );
        Assert.Equal("Day: 99.9 % in sync, 1 s unknown", TimelineBar.Describe("Day", spans));
        Assert.Equal("Day: nothing recorded", TimelineBar.Describe("Day", Pending()));
    }

    [Fact]
    public void Chart_ShowsTheTimesOldestFirst_AndDescribesThem()
    {
        double?[] seconds = [4, null, double.NaN, 1, 2];
        var history = seconds.Select(s => new ChangeStatus(s_now, "a.example.com", "A", null, [], "", s)).ToArray();
        var times = ConvergenceChart.Times(history);
        Assert.Equal([2, 1, 4], times);
        Assert.Equal("median 2.0 s, slowest 4.0 s, of the last 3 changes", ConvergenceChart.Describe(times));
        Assert.Equal(3, ConvergenceChart.Draw(times).ToString()!.Split("<rect").Length - 1);
    }

    private static TransitionStatus Transition(double hoursAgo, string? from, string? to) =>
        new(s_now.AddHours(-hoursAgo), "a.example.com", "A", from, to);

    private static IReadOnlyList<TimelineSpan> Pending() =>
        Spans(TimeSpan.FromDays(2), s_record with { State = "Pending", InSync = false });

    private static IReadOnlyList<TimelineSpan> Spans(TimeSpan recorded, params TransitionStatus[] transitions) =>
        Spans(recorded, s_record, transitions);

    private static IReadOnlyList<TimelineSpan> Spans(
        TimeSpan recorded,
        RecordStatus record,
        params TransitionStatus[] transitions
    )
    {
        var status = new StatusDocument(
            1,
            s_now,
            true,
            [],
            [record],
            [],
            Transitions: transitions,
            TransitionsSince: s_now - recorded
        );
        return Timeline.Of(status, [record])!.Spans(record, s_now.AddDays(-1), s_now);
    }
}
