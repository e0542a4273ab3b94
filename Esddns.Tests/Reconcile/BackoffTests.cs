using Esddns.Operator.Reconcile;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

public sealed class BackoffTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Waits_AreRandomBelowAnEndThatDoublesUpToTheMost()
    {
        var backoff = new Backoff<string>(_time, new Fixed(0.999999));
        var ends = Enumerable.Range(0, 12).Select(_ =>
        {
            backoff.Failed("zone");
            return Math.Round(backoff.Next!.Value.TotalSeconds);
        });
        Assert.Equal([2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30], ends);
    }

    [Fact]
    public void RetryAfter_IsHonouredEvenWhenAPersonAsks()
    {
        var backoff = new Backoff<string>(_time, new Fixed(0.5));
        backoff.Failed("zone", TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(backoff.MayTry("zone", aPersonAsks: true));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(backoff.MayTry("zone", aPersonAsks: false));
    }

    [Fact]
    public void APerson_IsSparedTheJitter()
    {
        var backoff = new Backoff<string>(_time, new Fixed(0.9));
        backoff.Failed("zone");
        Assert.False(backoff.MayTry("zone", aPersonAsks: false));
        Assert.True(backoff.MayTry("zone", aPersonAsks: true));
        Assert.True(backoff.MayTry("other zone", aPersonAsks: false));
    }

    [Fact]
    public void Success_EndsTheWait()
    {
        var backoff = new Backoff<string>(_time, new Fixed(0.9));
        backoff.Failed("zone");
        backoff.Succeeded("zone");
        Assert.Null(backoff.Next);
    }

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
