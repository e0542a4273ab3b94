using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

public sealed class BackoffTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Waits_AreRandomBelowADoublingLimit()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.999999)), _time);
        var ends = Enumerable
            .Range(0, 12)
            .Select(_ =>
            {
                backoff.Failed("zone");
                return Math.Round(backoff.Next!.Value.TotalSeconds);
            });
        Assert.Equal([2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30], ends);
    }

    [Fact]
    public void RetryAfter_IsHonoured_ExceptForARequest()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.5)), _time);
        backoff.Failed("zone", retryAfter: TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(backoff.MayTry("zone", isByPerson: false));
        Assert.True(backoff.MayTry("zone", isByPerson: true));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(backoff.MayTry("zone", isByPerson: false));
    }

    [Fact]
    public void RetryAfter_OfTenYears_IsCapped() =>
        Assert.Equal(
            LoopOptions.MaxRetryAfter,
            new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.5)), _time).Failed(
                "zone",
                retryAfter: TimeSpan.FromSeconds(315_360_000)
            )
        );

    [Theory]
    [InlineData("Persistent")]
    [InlineData("Definitive")]
    public void PersistentFault_WaitsForTheSyncInterval(string kind)
    {
        var options = new LoopOptions { SyncInterval = TimeSpan.FromMinutes(7) };
        Assert.Equal(
            options.SyncInterval,
            new Backoff<string>(new RetryDelay(options, new Fixed(0.5)), _time).Failed(
                "zone",
                Enum.Parse<FaultKind>(kind)
            )
        );
    }

    [Fact]
    public void ExpiredWait_HasTheMinimumBackoff()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0)), _time);
        backoff.Failed("zone");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LoopOptions.MinBackoff, backoff.Next);
    }

    [Fact]
    public void Keep_RemovesOtherBackoffs()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.9)), _time);
        backoff.Failed("zone");
        backoff.RetainOnly(new HashSet<string> { "other zone" });
        Assert.Null(backoff.Next);
    }

    [Fact]
    public void Success_EndsTheWait()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.9)), _time);
        backoff.Failed("zone");
        backoff.Failed("zone");
        backoff.Succeeded("zone");
        Assert.Null(backoff.Next);
        backoff.Failed("zone");
        Assert.Equal(TimeSpan.FromSeconds(1.8), backoff.Next);
    }

    [Fact]
    public void Next_IsTheShortestRemainingWait()
    {
        var backoff = new Backoff<string>(new RetryDelay(new LoopOptions(), new Fixed(0.5)), _time);
        backoff.Failed("late", retryAfter: TimeSpan.FromSeconds(60));
        backoff.Failed("soon", retryAfter: TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), backoff.Next);
    }

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
