using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

public sealed class ReconcileTriggerTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SeveralTriggers_StartOneRoundWithTheMostUrgentReason()
    {
        var trigger = new ReconcileTrigger(_time);
        trigger.Request(ReconcileReason.Network);
        trigger.Request(ReconcileReason.Canary);
        Assert.Equal(ReconcileReason.Network, (await Next(trigger)).Reasons[^1]);

        var next = Next(trigger);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ReconcileReason.Timer, (await next).Reasons[^1]);
    }

    [Theory]
    [InlineData("Drift")]
    [InlineData("Elected")]
    [InlineData("Request")]
    public async Task ReasonToRead_OverridesOtherReasons(string reason)
    {
        var trigger = new ReconcileTrigger(_time);
        trigger.Request(Enum.Parse<ReconcileReason>(reason));
        foreach (var other in new[] { ReconcileReason.Cluster, ReconcileReason.Canary, ReconcileReason.Network })
            trigger.Request(other);
        Assert.Equal(Enum.Parse<ReconcileReason>(reason), (await Next(trigger)).Reasons[^1]);
    }

    [Fact]
    public async Task FirstRound_HasTheReasonStart_DespiteOtherTriggers()
    {
        var trigger = new ReconcileTrigger(_time);
        trigger.Request(ReconcileReason.Network);
        Assert.Equal(
            ReconcileReason.Start,
            (await trigger.NextAsync(TimeSpan.Zero, ReconcileReason.Start, Cancel)).Reasons[^1]
        );
    }

    [Fact]
    public async Task Request_DuringARound_IsAnsweredByTheNextOne()
    {
        var trigger = new ReconcileTrigger(_time);
        var before = trigger.RequestAsync(Cancel);
        var running = await Next(trigger);
        var during = trigger.RequestAsync(Cancel);
        running.Requested!.SetResult(Snapshot.Empty with { Round = 1 });
        Assert.Equal(1, (await before).Round);
        Assert.False(during.IsCompleted);
        (await Next(trigger)).Requested!.SetResult(Snapshot.Empty with { Round = 2 });
        Assert.Equal(2, (await during).Round);
    }

    private static Task<ReconcileTrigger.RequestedRound> Next(ReconcileTrigger trigger) =>
        trigger.NextAsync(TimeSpan.FromMinutes(5), ReconcileReason.Timer, Cancel);
}
