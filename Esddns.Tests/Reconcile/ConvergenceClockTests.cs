using System.Net;
using Esddns.Operator.Reconcile.Addresses;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The duration of a change.</summary>
public sealed class ConvergenceClockTests
{
    private static readonly IPAddress s_old = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_new = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void Elapsed_RunsFromTheFirstDifferenceUntilSettled()
    {
        var time = new FakeTimeProvider();
        var clock = new ConvergenceClock(time);
        clock.Observed(s_old, s_old);
        Assert.Null(clock.Elapsed(s_old));
        clock.Observed(s_new, s_old);
        time.Advance(TimeSpan.FromSeconds(3));
        clock.Observed(s_new, s_old);
        Assert.Equal(3, clock.Elapsed(s_new)?.TotalSeconds);
        clock.Settled(IPAddress.IPv6Loopback);
        Assert.NotNull(clock.Elapsed(s_new));
        clock.Settled(s_new);
        Assert.Null(clock.Elapsed(s_new));
    }

    [Fact]
    public void EachAddress_HasItsOwnTime_AndOnlyTheAgreedOneKeepsIt()
    {
        var time = new FakeTimeProvider();
        var clock = new ConvergenceClock(time);
        var newest = IPAddress.Parse("192.0.2.3");
        clock.Observed(s_new, s_old);
        time.Advance(TimeSpan.FromMinutes(5));
        clock.Observed(newest, s_new);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, clock.Elapsed(newest)?.TotalSeconds);
        clock.Agreed(newest);
        Assert.Equal(2, clock.Elapsed(newest)?.TotalSeconds);
        Assert.Null(clock.Elapsed(s_new));
    }
}
