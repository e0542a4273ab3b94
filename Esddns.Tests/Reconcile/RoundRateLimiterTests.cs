using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The minimum times between rounds, which limit the queries to public servers.</summary>
public sealed class RoundRateLimiterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopOptions _options = new();

    [Theory]
    [InlineData("Canary")]
    [InlineData("Network")]
    [InlineData("Recheck")]
    [InlineData("Elected")]
    public void Burst_QueriesAtMostFiveTimesPerMinute(string reason)
    {
        var limiter = new RoundRateLimiter(_options, _time);
        var asked = new List<DateTimeOffset>();
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(10); passed += TimeSpan.FromMilliseconds(100))
        {
            if (TryAsk(limiter, Enum.Parse<ReconcileReason>(reason)))
                asked.Add(_time.GetUtcNow());
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.All(asked, at => Assert.InRange(asked.Count(a => a >= at && a < at + TimeSpan.FromMinutes(1)), 1, 5));
        Assert.InRange(asked.Count, 45, 50);
    }

    [Fact]
    public void FirstChange_QueriesAtOnce() =>
        Assert.True(TryAsk(new RoundRateLimiter(_options, _time), ReconcileReason.Canary));

    [Theory]
    [InlineData("Canary")]
    [InlineData("Network")]
    public void RepeatedFalseAlarms_SlowDownToTheSyncInterval(string word)
    {
        var (limiter, reason) = (new RoundRateLimiter(_options, _time), Enum.Parse<ReconcileReason>(word));
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 12; i++)
        {
            var wait = limiter.UntilPollAllowed(reason);
            _time.Advance(wait);
            Assert.True(TryAsk(limiter, reason));
            limiter.RecordPollResult([reason], foundChange: false);
            waits.Add(wait);
        }

        Assert.Equal([0, 0, 0, 20, 40, 80, 160, 300, 300, 300, 300, 300], waits.Select(w => w.TotalSeconds));
    }

    [Fact]
    public void RepeatedRequests_DoNotBlockAChange()
    {
        var limiter = new RoundRateLimiter(_options, _time);
        for (var i = 0; i < 3; i++)
            Assert.True(TryAsk(limiter, ReconcileReason.Request));
        Assert.False(TryAsk(limiter, ReconcileReason.Request));
        Assert.True(TryAsk(limiter, ReconcileReason.Canary));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(TryAsk(limiter, ReconcileReason.Request));
    }

    [Fact]
    public void Wait_EndsAMinuteAfterTheFifthLastQuery()
    {
        var limiter = new RoundRateLimiter(_options, _time);
        for (var i = 0; i < 6; i++)
        {
            Assert.True(TryAsk(limiter, ReconcileReason.Timer));
            _time.Advance(TimeSpan.FromSeconds(9));
        }

        Assert.Equal(TimeSpan.FromSeconds(60 - 45), limiter.UntilPollAllowed(ReconcileReason.Canary));
    }

    [Fact]
    public void FalseAlarms_DoNotDelayOtherReasons()
    {
        var limiter = Alarmed(ReconcileReason.Network);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(limiter.UntilPollAllowed(ReconcileReason.Network) > TimeSpan.Zero);
        Assert.True(TryAsk(limiter, ReconcileReason.Canary));
    }

    [Fact]
    public void ConfirmedAlarm_EndsTheDelay()
    {
        var limiter = Alarmed(ReconcileReason.Canary);
        limiter.RecordPollResult([ReconcileReason.Canary], foundChange: true);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(TryAsk(limiter, ReconcileReason.Canary));
    }

    [Fact]
    public void QuietTime_EndsTheDelay()
    {
        var limiter = Alarmed(ReconcileReason.Canary);
        _time.Advance(_options.SyncInterval * 2);
        Assert.Equal(TimeSpan.Zero, limiter.UntilPollAllowed(ReconcileReason.Canary));
        Assert.True(TryAsk(limiter, ReconcileReason.Canary));
        limiter.RecordPollResult([ReconcileReason.Canary], foundChange: false);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(TryAsk(limiter, ReconcileReason.Canary));
    }

    [Fact]
    public void ScheduledRounds_AreNotDelayed()
    {
        var limiter = new RoundRateLimiter(_options, _time);
        for (var i = 0; i < 10; i++)
            Assert.True(TryAsk(limiter, ReconcileReason.Timer));
    }

    [Fact]
    public async Task Rounds_AreLimitedToTenInTenSeconds()
    {
        var limiter = new RoundRateLimiter(_options, _time);
        for (var i = 0; i < 10; i++)
            Assert.True(limiter.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        var next = limiter.WaitAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await next;
    }

    private static bool TryAsk(RoundRateLimiter limiter, ReconcileReason reason)
    {
        if (limiter.UntilPollAllowed(reason) > TimeSpan.Zero)
            return false;
        limiter.CountPoll([reason]);
        return true;
    }

    private RoundRateLimiter Alarmed(ReconcileReason reason)
    {
        var limiter = new RoundRateLimiter(_options, _time);
        for (var i = 0; i < 8; i++)
        {
            _time.Advance(limiter.UntilPollAllowed(reason));
            Assert.True(TryAsk(limiter, reason));
            limiter.RecordPollResult([reason], foundChange: false);
        }

        return limiter;
    }
}
