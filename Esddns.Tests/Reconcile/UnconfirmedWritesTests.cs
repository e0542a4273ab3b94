using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.Reconcile;

/// <summary>The duration and rate of the checks for an unanswered write.</summary>
public sealed class UnconfirmedWritesTests : IStatePersistence
{
    private static readonly Fqdn s_home = Fqdn.Parse("home.example.com");
    private readonly JumpingTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StateStore _state;
    private readonly UnconfirmedWrites _writes;

    public UnconfirmedWritesTests()
    {
        _state = new StateStore(this, _time);
        _writes = new UnconfirmedWrites(_state, _time);
    }

    string? IStatePersistence.Problem => null;

    private RecordState Record => _state.Current.Records[0];

    [Fact]
    public void Checks_HaveGrowingWaits_UntilTheWriteCannotTakeEffect()
    {
        Sent();
        var waits = new List<TimeSpan>();
        var isOver = false;
        while (_writes.Next is { } wait)
        {
            Assert.False(isOver || _writes.IsDue(Record));
            waits.Add(wait);
            _time.Advance(wait);
            Assert.True(_writes.IsDue(Record));
            isOver = _writes.Read(Record);
        }

        Assert.True(isOver);
        Assert.Equal(TimeSpan.FromSeconds(1), waits[0]);
        Assert.Equal(waits.SkipLast(1).Order(), waits.SkipLast(1));
        Assert.Equal(UnconfirmedWrites.Longest, TimeSpan.FromTicks(waits.Sum(w => w.Ticks)));
        Assert.InRange(waits.Count, 10, 30);
    }

    /// <summary>A round takes time, and the next age may be far away.</summary>
    [Fact]
    public void CheckThatBecameDueDuringARound_IsDueNow_Once()
    {
        Sent();
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(LoopOptions.MinBackoff, _writes.Next);
        Assert.InRange(_writes.Next!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    /// <summary>A provider that cannot be read has its own backoff.</summary>
    [Fact]
    public void FailedCheck_StaysDue_WithABackoff()
    {
        Sent();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_writes.IsDue(Record));
        Assert.InRange(_writes.Next!.Value, LoopOptions.MinBackoff, TimeSpan.FromSeconds(30));
        _time.Advance(UnconfirmedWrites.Longest);
        Assert.Null(_writes.Next);
        Assert.True(_writes.IsDue(Record));
        Assert.True(_writes.Read(Record));
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public void ClockChange_HasNoEffect(int hours)
    {
        Sent();
        Assert.NotNull(_writes.Next);
        _time.Jump(TimeSpan.FromHours(hours));
        _time.Advance(UnconfirmedWrites.Longest / 2);
        Assert.False(_writes.Read(Record));
        _time.Advance(UnconfirmedWrites.Longest / 2);
        Assert.True(_writes.Read(Record));
    }

    [Fact]
    public void LaterUnansweredWrite_RestartsTheChecks()
    {
        Sent();
        Assert.NotNull(_writes.Next);
        _time.Advance(UnconfirmedWrites.Longest * 0.9);
        Sent();
        _time.Advance(UnconfirmedWrites.Longest * 0.9);
        Assert.False(_writes.Read(Record));
        Assert.NotNull(_writes.Next);
    }

    /// <summary>A write of an earlier process. A time in the future, from a wrong clock, counts as now.</summary>
    [Theory]
    [InlineData(-20, true)]
    [InlineData(-2, false)]
    [InlineData(600, false)]
    public void WriteOfAnEarlierProcess_HasItsStoredAge(int minutes, bool isOver)
    {
        Sent(TimeSpan.FromMinutes(minutes));
        Assert.Equal(isOver, _writes.Next is null);
        Assert.Equal(minutes < 0, _writes.IsDue(Record));
        Assert.Equal(isOver, _writes.Read(Record));
        Assert.False(!isOver && _writes.IsDue(Record));
    }

    [Fact]
    public void AnsweredWrite_IsNotChecked()
    {
        _state.Update(s => s with { Records = RecordStates.Of([new RecordState(s_home, RecordType.A)]) });
        Assert.Null(_writes.Next);
        Assert.False(_writes.IsDue(Record));
        Assert.True(_writes.Read(Record));
    }

    Snapshot IStatePersistence.Load() => Snapshot.Empty;

    Task<bool> IStatePersistence.SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    private void Sent(TimeSpan ago = default) =>
        _state.Update(s =>
            s with
            {
                Records = RecordStates.Of([
                    new RecordState(s_home, RecordType.A) { Unanswered = _time.GetUtcNow() + ago },
                ]),
            }
        );
}
