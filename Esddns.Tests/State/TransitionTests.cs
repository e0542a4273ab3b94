using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Tests.State;

/// <summary>The changes of the conditions of records: how they are found, stored and limited.</summary>
public sealed class TransitionTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecordState s_new = new(Fqdn.Parse("home.example.com"), RecordType.A);
    private static readonly RecordState s_good = s_new with { Outcome = RecordOutcome.Noop };
    private static readonly RecordState s_failed = s_new with { Outcome = RecordOutcome.Failed };

    [Fact]
    public void NewRecord_GetsItsFirstConditionAfterItsFirstRound()
    {
        var begun = TransitionRule.Apply(With(s_new), s_at);
        Assert.Empty(begun.Transitions.Entries);
        Assert.Equal(s_at, begun.Transitions.Since);
        var ended = TransitionRule.Apply(Changed(begun, s_good), s_at.AddSeconds(1));
        Assert.Equal(
            new Transition(s_at.AddSeconds(1), s_new.Id, null, SyncCondition.InSync),
            Assert.Single(ended.Transitions.Entries)
        );
        Assert.Equal(s_at, ended.Transitions.Since);
    }

    [Fact]
    public void ConditionThatChanges_IsOneTransition_NewestFirst()
    {
        var snapshot = TransitionRule.Apply(With(s_good), s_at);
        snapshot = TransitionRule.Apply(Changed(snapshot, s_failed), s_at.AddSeconds(1));
        snapshot = TransitionRule.Apply(Changed(snapshot, s_failed with { Ttl = 60 }), s_at.AddSeconds(2));
        snapshot = TransitionRule.Apply(Changed(snapshot, s_good), s_at.AddSeconds(3));
        Assert.Equal(
            [
                (s_at.AddSeconds(3), SyncCondition.OutOfSync, SyncCondition.InSync),
                (s_at.AddSeconds(1), SyncCondition.InSync, SyncCondition.OutOfSync),
                (s_at, null, SyncCondition.InSync),
            ],
            snapshot.Transitions.Entries.Select(t => (t.At, t.From, t.To))
        );
    }

    [Fact]
    public void NoChange_IsTheSameSnapshot()
    {
        var snapshot = TransitionRule.Apply(With(s_good), s_at);
        var later = Changed(snapshot, s_good with { LastVerified = s_at });
        Assert.Same(later, TransitionRule.Apply(later, s_at.AddDays(60)));
    }

    [Fact]
    public void RecordThatIsNoLongerDesired_EndsOnce()
    {
        var before = TransitionRule.Apply(With(s_good), s_at);
        var gone = before with { Records = RecordStates.Empty };
        var after = TransitionRule.Apply(gone, s_at.AddHours(1), before.Records);
        Assert.Equal(
            new Transition(s_at.AddHours(1), s_good.Id, SyncCondition.InSync, null),
            after.Transitions.Entries[0]
        );
        Assert.Same(after, TransitionRule.Apply(after, s_at.AddHours(2), after.Records));
    }

    [Fact]
    public void Limits_RemoveTheOldest_AndTheRestIsCompleteSinceThen()
    {
        var many = Enumerable.Range(0, Transitions.MaxCount).Select(i => Entry(s_at.AddSeconds(-i))).ToArray();
        var full = Transitions.None.With(many, s_at);
        Assert.Equal((s_at, Transitions.MaxCount), (full.Since, full.Entries.Length));
        var more = full.With([Entry(s_at.AddSeconds(1)), Entry(s_at.AddSeconds(1))], s_at.AddSeconds(1));
        Assert.Equal(Transitions.MaxCount, more.Entries.Length);
        Assert.Equal(s_at.AddSeconds(1), more.Entries[0].At);
        Assert.Equal(many[^2].At, more.Since);
        Assert.Equal(many[^3].At, more.Entries[^1].At);

        var later = s_at + Transitions.MaxAge - TimeSpan.FromSeconds(10);
        var recent = full.With([Entry(later)], later);
        Assert.Equal(12, recent.Entries.Length);
        Assert.Equal(s_at.AddSeconds(-11), recent.Since);
    }

    [Fact]
    public void Condition_FollowsFromTheStatus()
    {
        var changed = s_new with { Desired = AddressSet.Empty, LastAttempt = s_at };
        (RecordState Record, SyncCondition Expected)[] cases =
        [
            (s_good, SyncCondition.InSync),
            (Kept(RecordOutcome.Skipped), SyncCondition.InSync),
            (s_failed, SyncCondition.OutOfSync),
            (Kept(RecordOutcome.Preserved), SyncCondition.OutOfSync),
            (changed, SyncCondition.OutOfSync),
            (s_new, SyncCondition.Unknown),
            (changed with { Unanswered = s_at }, SyncCondition.Unknown),
            (s_good with { Sent = new SentWrite(null, "Start") }, SyncCondition.Unknown),
        ];
        Assert.All(cases, c => Assert.Same(c.Expected, SyncStatusRule.ConditionOf(c.Record)));

        static RecordState Kept(RecordOutcome outcome) =>
            s_new with
            {
                Outcome = outcome,
                Preserved = new Preservation(s_at, "no address"),
            };
    }

    [Fact]
    public void Text_IsReadAsTheSame()
    {
        var entry = new Transition(s_at.AddTicks(1), s_new.Id, null, SyncCondition.OutOfSync);
        Assert.Equal("2026-01-31T12:00:00.0000001Z home.example.com A - OutOfSync", entry.ToString());
        foreach (var to in new[] { null, SyncCondition.InSync, SyncCondition.OutOfSync, SyncCondition.Unknown })
            Assert.Equal(entry with { To = to }, Transition.TryParse((entry with { To = to }).ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31T12:00:00.0000001Z home.example.com A - Broken")]
    [InlineData("2026-01-31T12:00:00.0000001Z home.example.com A inSync -")]
    [InlineData("2026-01-31T12:00:00.0000001Z home.example.com MX - InSync")]
    [InlineData("2026-01-31T12:00:00.0000001Z home..com A - InSync")]
    [InlineData("yesterday home.example.com A - InSync")]
    [InlineData("2026-01-31T12:00:00.0000001Z home.example.com A - InSync ")]
    public void OtherText_IsRefused(string text) => Assert.Null(Transition.TryParse(text));

    private static Transition Entry(DateTimeOffset at) => new(at, s_new.Id, null, SyncCondition.InSync);

    private static Snapshot With(RecordState record) => Snapshot.Empty with { Records = RecordStates.Of([record]) };

    /// <summary>The record with another state, as a round changes it.</summary>
    private static Snapshot Changed(Snapshot snapshot, RecordState next) =>
        snapshot with
        {
            Records = snapshot.Records.With(next.Id, r => next with { Condition = r.Condition }),
        };
}
