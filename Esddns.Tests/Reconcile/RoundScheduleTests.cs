using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The time of the next round, and the rounds that query public servers.</summary>
public sealed class RoundScheduleTests : ILeadership, IStatePersistence
{
    private static readonly HostedZone s_zone = new(DomainName.Parse("example.com"), null);
    private readonly FakeTimeProvider _time = new();
    private readonly LoopOptions _options = new();
    private readonly LocalObservations _local = new() { Wan = [Wan(VerdictKind.Agreed)] };
    private readonly Backoff<HostedZone> _zones;
    private readonly StateStore _state;
    private readonly RoundSchedule _schedule;
    private bool _isLeader = true;

    public RoundScheduleTests()
    {
        _zones = new(new RetryDelay(_options, new Random(1)), _time);
        _state = new StateStore(this, _time);
        _schedule = new RoundSchedule(
            _options,
            new RoundRateLimiter(_options, _time),
            _local,
            new LeaderRetries(
                this,
                _zones,
                new(new RetryDelay(_options, new Random(1)), _time),
                new UnconfirmedWrites(_state, _time)
            ),
            _time,
            new Random(1)
        );
    }

    bool ILeadership.IsLeader => _isLeader;

    CancellationToken ILeadership.LeadershipLost => CancellationToken.None;

    string? IStatePersistence.Problem => null;

    Snapshot IStatePersistence.Load() => Snapshot.Empty;

    Task<bool> IStatePersistence.SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    [Fact]
    public void NoTrigger_NextRoundIsAtTheSyncInterval()
    {
        Round(ReconcileReason.Start);
        Assert.Equal((_options.SyncInterval, ReconcileReason.Timer), _schedule.Next());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((_options.SyncInterval - TimeSpan.FromMinutes(1), ReconcileReason.Timer), _schedule.Next());
    }

    [Fact]
    public void DelayedReason_IsKept_AndRunsWhenTheRateLimitAllows()
    {
        while (_schedule.Begin([ReconcileReason.Recheck]) is not null)
            _schedule.Ended();
        Assert.Null(_schedule.Begin([ReconcileReason.Canary]));
        Assert.Equal((ReconcileReason.Cluster, false), _schedule.Begin([ReconcileReason.Cluster]));
        var (wait, reason) = _schedule.Next();
        Assert.True(wait > TimeSpan.Zero);
        Assert.Equal(ReconcileReason.Canary, reason == ReconcileReason.Recheck ? ReconcileReason.Canary : reason);
        _time.Advance(wait);
        Assert.Equal((ReconcileReason.Canary, true), _schedule.Begin([reason]));
        Assert.Equal(ReconcileReason.Timer, _schedule.Next().Reason);
    }

    [Theory]
    [InlineData("Retry")]
    [InlineData("Cluster")]
    [InlineData("Drift")]
    [InlineData("Credentials")]
    public void ProviderReasons_QueryNoSource(string reason) =>
        Assert.False(_schedule.Begin([Enum.Parse<ReconcileReason>(reason)])!.Value.AsksSources);

    [Fact]
    public void NoAgreement_IsRecheckedWithGrowingWaitsUpToTheSyncInterval()
    {
        _local.Wan = [Wan(VerdictKind.Disagreed)];
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 16; i++)
        {
            var (wait, reason) = _schedule.Next();
            _time.Advance(wait);
            if (_schedule.Begin([reason]) is not null)
                _schedule.Ended();
            waits.Add(wait);
        }

        Assert.All(waits.Skip(1), w => Assert.InRange(w, LoopOptions.MinBackoff, _options.SyncInterval));
        Assert.True(waits[^1] > _options.SyncInterval / 3);
        _local.Wan = [Wan(VerdictKind.Agreed)];
        _time.Advance(_schedule.Next().Wait);
        Round(ReconcileReason.Recheck);
        Assert.Equal(_options.SyncInterval, _schedule.Next().Wait);
    }

    [Fact]
    public void NextPoll_IsKnownWithinTheRound()
    {
        Assert.NotNull(_schedule.Begin([ReconcileReason.Start]));
        Assert.Equal(_time.GetUtcNow() + _options.SyncInterval, _schedule.NextPoll());
        _schedule.Ended();
        // Calls of the DNS provider poll no source.
        _zones.Failed(s_zone);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_schedule.Begin([ReconcileReason.Retry]));
        Assert.Equal(_time.GetUtcNow() + _options.SyncInterval - TimeSpan.FromMinutes(1), _schedule.NextPoll());

        _local.Wan = [Wan(VerdictKind.Disagreed)];
        Assert.NotNull(_schedule.Begin([ReconcileReason.Timer]));
        var next = _schedule.NextPoll();
        Assert.InRange(next - _time.GetUtcNow(), LoopOptions.MinBackoff, LoopOptions.FirstBackoff);
        Assert.Equal(next, _schedule.NextPoll());
        _schedule.Ended();
        Assert.Equal(next, _schedule.NextPoll());
    }

    [Fact]
    public void FailingRounds_BackOff_DespiteOtherDueWork()
    {
        _zones.Failed(s_zone);
        _time.Advance(TimeSpan.FromHours(1));
        var waits = Enumerable.Range(0, 12).Select(_ => _schedule.Failed()).ToArray();
        Assert.All(waits, w => Assert.InRange(w, LoopOptions.FirstBackoff / 2, _options.SyncInterval));
        Assert.True(waits[^1] > waits[0]);
        Assert.Equal((waits[^1], ReconcileReason.Recheck), _schedule.Next());
        Round(ReconcileReason.Recheck);
        Assert.NotEqual(waits[^1], _schedule.Next().Wait);
    }

    [Fact]
    public void UnansweredWrite_IsReadByTheLeader_WithoutQueryingSources()
    {
        Round(ReconcileReason.Start);
        var record = new RecordState(Fqdn.Parse("home.example.com"), RecordType.A) { Unanswered = _time.GetUtcNow() };
        _state.Update(s => s with { Records = RecordStates.Of([record]) });
        Assert.Equal((TimeSpan.FromSeconds(1), ReconcileReason.LateWrite), _schedule.Next());
        Assert.Equal((ReconcileReason.LateWrite, false), _schedule.Begin([ReconcileReason.LateWrite]));
        _isLeader = false;
        Assert.Equal(ReconcileReason.Timer, _schedule.Next().Reason);
    }

    [Fact]
    public void ProviderFailure_IsRetriedByTheLeaderOnly()
    {
        Round(ReconcileReason.Start);
        _zones.Failed(s_zone);
        _time.Advance(LoopOptions.MaxBackoff);
        Assert.Equal((LoopOptions.MinBackoff, ReconcileReason.Retry), _schedule.Next());
        _isLeader = false;
        Assert.Equal(ReconcileReason.Timer, _schedule.Next().Reason);
    }

    private static WanState Wan(VerdictKind verdict) =>
        new(IpFamily.IPv4) { Verdict = verdict, Address = IPAddress.Parse("203.0.113.10") };

    private void Round(ReconcileReason reason)
    {
        Assert.NotNull(_schedule.Begin([reason]));
        _schedule.Ended();
    }
}
