using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Reconcile;

/// <summary>The host addresses, the duration of a change, and the health check of the records.</summary>
public sealed class SmallPartsTests
{
    private static readonly IPAddress s_old = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_new = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void WanOf_ReturnsTheFamily()
    {
        var view = new LocalObservations { Wan = [new WanState(IpFamily.IPv6) { Reason = "six" }] };
        Assert.Equal("six", view.WanOf(IpFamily.IPv6)?.Reason);
        Assert.Null(view.WanOf(IpFamily.IPv4));
    }

    [Fact]
    public void Elapsed_RunsFromTheFirstDifferenceUntilSettled()
    {
        var time = new FakeTimeProvider();
        var clock = new ConvergenceClock(time);
        clock.Observed(IpFamily.IPv4, s_old, s_old);
        Assert.Null(clock.Elapsed(IpFamily.IPv4));
        clock.Observed(IpFamily.IPv4, s_new, s_old);
        time.Advance(TimeSpan.FromSeconds(3));
        clock.Observed(IpFamily.IPv4, s_new, s_old);
        Assert.Equal(3, clock.Elapsed(IpFamily.IPv4)?.TotalSeconds);
        Assert.Null(clock.Elapsed(IpFamily.IPv6));
        clock.Settled(IpFamily.IPv4);
        Assert.Null(clock.Elapsed(IpFamily.IPv4));
    }

    [Fact]
    public async Task Health_NamesTheFirstRecordThatIsNotUpToDate()
    {
        var state = new StateStore(new Nothing(), TimeProvider.System);
        var good = new RecordState(Fqdn.Parse("a.example.com"), RecordType.A) { Outcome = RecordOutcome.Noop };
        var open = new RecordState(Fqdn.Parse("b.example.com"), RecordType.A);
        state.Update(s => s with { Records = RecordStates.Of([good]) });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        state.Update(s => s with { Records = RecordStates.Of([good, open]) });
        var report = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal("1 of 2 records not up to date: b.example.com A Pending: not looked at yet", report.Description);

        Task<HealthCheckResult> CheckAsync() =>
            new RecordHealthCheck(state).CheckHealthAsync(
                new HealthCheckContext(),
                TestContext.Current.CancellationToken
            );
    }

    private sealed class Nothing : IStateKeeper
    {
        public string? Problem => null;

        public Snapshot Load() => Snapshot.Empty;

        public Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
