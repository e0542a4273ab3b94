using Esddns.Operator.Reconcile;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>A loop that does not do its work is not healthy.</summary>
public sealed class LoopPulseTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopOptions _options = new();
    private readonly LoopPulse _pulse;

    public LoopPulseTests() => _pulse = new LoopPulse(_options, _time);

    [Fact]
    public void BeforeTheFirstRound_IsNotReady() => Assert.Equal("no round has ended yet", _pulse.Problem());

    [Fact]
    public void RoundThatHangs_IsAProblem()
    {
        Round(null);
        _pulse.Begin();
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(_pulse.Problem());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("the round has been running for 660 s", _pulse.Problem());
    }

    [Fact]
    public void LoopThatIsDead_IsAProblem()
    {
        Round(null);
        _time.Advance(_options.SyncInterval + TimeSpan.FromMinutes(9));
        Assert.Null(_pulse.Problem());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("the last round ended 960 s ago", _pulse.Problem());
    }

    [Fact]
    public void ThreeFailuresInARow_AreAProblem_UntilARoundSucceeds()
    {
        for (var i = 1; i < LoopPulse.MaxFailures; i++) Round("no disk");
        Assert.Null(_pulse.Problem());
        Round("no disk");
        Assert.Equal("the last 3 rounds failed: no disk", _pulse.Problem());
        Round(null);
        Assert.Null(_pulse.Problem());
        Round("no disk");
        Assert.Null(_pulse.Problem());
    }

    private void Round(string? failure)
    {
        _pulse.Begin();
        _pulse.End(failure);
    }
}
