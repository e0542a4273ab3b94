using System.Diagnostics.Metrics;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>A loop without recent rounds is not healthy.</summary>
public sealed class LoopHealthCheckTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopOptions _options = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OperatorMetrics _metrics;
    private readonly LoopHealthCheck _loopHealth;

    public LoopHealthCheckTests()
    {
        _metrics = new OperatorMetrics(_services.GetRequiredService<IMeterFactory>());
        _loopHealth = new LoopHealthCheck(_options, _metrics, _time);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void BeforeTheFirstRound_IsNotReady() => Assert.Equal("no round has ended yet", _loopHealth.Problem());

    [Fact]
    public void HangingRound_IsAProblem()
    {
        Round(null);
        _loopHealth.Begin();
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(_loopHealth.Problem());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("the round has been running for 660 s", _loopHealth.Problem());
    }

    [Fact]
    public void StoppedLoop_IsAProblem()
    {
        Round(null);
        _time.Advance(_options.SyncInterval + TimeSpan.FromMinutes(9));
        Assert.Null(_loopHealth.Problem());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("the last round ended 960 s ago", _loopHealth.Problem());
    }

    [Fact]
    public void ThreeFailuresInARow_AreAProblem_UntilARoundSucceeds()
    {
        for (var i = 1; i < LoopHealthCheck.MaxFailures; i++)
            Round("no disk");
        Assert.Null(_loopHealth.Problem());
        Round("no disk");
        Assert.Equal("the last 3 rounds failed: no disk", _loopHealth.Problem());
        Round(null);
        Assert.Null(_loopHealth.Problem());
        Round("no disk");
        Assert.Null(_loopHealth.Problem());
    }

    private void Round(string? failure)
    {
        _loopHealth.Begin();
        _loopHealth.End(ReconcileReason.Timer, failure);
    }
}
