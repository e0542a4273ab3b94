using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

public sealed class WakeupsTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyWakeups_MakeOneRoundWithTheMostUrgentReason()
    {
        var wakeups = new Wakeups(_time);
        wakeups.Wake(RoundReason.Network);
        wakeups.Wake(RoundReason.Canary);
        Assert.Equal(RoundReason.Network, (await Next(wakeups)).Reasons[^1]);

        var next = Next(wakeups);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(RoundReason.Timer, (await next).Reasons[^1]);
    }

    [Theory]
    [InlineData("Drift")]
    [InlineData("Elected")]
    [InlineData("Request")]
    public async Task WhatCallsForReading_IsNotHiddenByNewsOfOtherKinds(string reason)
    {
        var wakeups = new Wakeups(_time);
        wakeups.Wake(Enum.Parse<RoundReason>(reason));
        foreach (var other in new[] { RoundReason.Cluster, RoundReason.Canary, RoundReason.Network }) wakeups.Wake(other);
        Assert.Equal(Enum.Parse<RoundReason>(reason), (await Next(wakeups)).Reasons[^1]);
    }

    [Fact]
    public async Task FirstRound_IsThatOfTheStart_WhateverElseHappened()
    {
        var wakeups = new Wakeups(_time);
        wakeups.Wake(RoundReason.Network);
        Assert.Equal(RoundReason.Start, (await wakeups.NextAsync(TimeSpan.Zero, RoundReason.Start, Cancel)).Reasons[^1]);
    }

    [Fact]
    public async Task Request_DuringARound_IsAnsweredByTheNextOne()
    {
        var wakeups = new Wakeups(_time);
        var before = wakeups.RequestAsync(Cancel);
        var running = await Next(wakeups);
        var during = wakeups.RequestAsync(Cancel);
        running.Requested!.SetResult(Snapshot.Empty with { Round = 1 });
        Assert.Equal(1, (await before).Round);
        Assert.False(during.IsCompleted);
        (await Next(wakeups)).Requested!.SetResult(Snapshot.Empty with { Round = 2 });
        Assert.Equal(2, (await during).Round);
    }

    private static Task<Wakeups.Round> Next(Wakeups wakeups) => wakeups.NextAsync(TimeSpan.FromMinutes(5), RoundReason.Timer, Cancel);
}
