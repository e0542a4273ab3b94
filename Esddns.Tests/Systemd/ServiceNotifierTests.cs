using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Systemd;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Systemd;

/// <summary>systemd learns of the start, the stop, and a loop that is not healthy by sd_notify(3).</summary>
public sealed class ServiceNotifierTests : IDisposable, ISystemdNotifier
{
    private static readonly TimeSpan s_watchdog = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _notified = [];
    private bool _isGone;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OperatorMetrics _metrics;
    private readonly LoopHealthCheck _loopHealth;
    private readonly ServiceNotifier _notifier;

    public ServiceNotifierTests()
    {
        _metrics = new OperatorMetrics(_services.GetRequiredService<IMeterFactory>());
        _loopHealth = new LoopHealthCheck(new LoopOptions(), _metrics, _time);
        _notifier = new ServiceNotifier(
            this,
            new Watchdog(s_watchdog),
            _loopHealth,
            _time,
            NullLogger<ServiceNotifier>.Instance
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _notifier.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task StartAndStop_AreReported()
    {
        await _notifier.StartedAsync(Cancel);
        await _notifier.StoppingAsync(Cancel);
        Assert.Equal(["READY=1", "WATCHDOG=1", "STOPPING=1"], Received());
    }

    [Fact]
    public async Task HealthyLoop_IsReportedTwiceInEachPeriod()
    {
        Round(null);
        await _notifier.StartedAsync(Cancel);
        Received();
        _time.Advance(s_watchdog);
        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1"], Received());
    }

    [Fact]
    public async Task LoopThatFails_IsNotReported_UntilARoundSucceeds()
    {
        Round(null);
        await _notifier.StartedAsync(Cancel);
        Received();
        for (var i = 0; i < LoopHealthCheck.MaxFailures; i++)
            Round("no disk");
        _time.Advance(s_watchdog);
        Assert.Empty(Received());
        Round(null);
        _time.Advance(s_watchdog);
        Assert.NotEmpty(Received());
    }

    [Fact]
    public async Task FirstRound_HasTenMinutes()
    {
        await _notifier.StartedAsync(Cancel);
        _loopHealth.Begin();
        for (var minute = 1; minute < 10; minute++)
        {
            Received();
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.NotEmpty(Received());
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Received();
        _time.Advance(s_watchdog);
        Assert.Empty(Received());
    }

    [Fact]
    public async Task SystemdThatDoesNotListen_DoesNotStopTheOperator()
    {
        _isGone = true;
        await _notifier.StartedAsync(Cancel);
        _isGone = false;
        await _notifier.StoppingAsync(Cancel);
        Assert.Equal(["STOPPING=1"], Received());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "1", null)]
    [InlineData("30000000", "self", 30)]
    [InlineData("0", null, null)]
    [InlineData("half", null, null)]
    public void Limit_IsReadAsSystemdSetsIt(string? limit, string? pid, int? seconds)
    {
        var read = SystemdExtensions.Limit(variable =>
            variable switch
            {
                "WATCHDOG_USEC" => limit,
                "WATCHDOG_PID" when pid == "self" => $"{Environment.ProcessId}",
                "WATCHDOG_PID" => pid,
                _ => null,
            }
        );
        Assert.Equal(seconds, (int?)read?.TotalSeconds);
    }

    bool ISystemdNotifier.IsEnabled => true;

    void ISystemdNotifier.Notify(ServiceState state)
    {
        if (_isGone)
            throw new SocketException((int)SocketError.ConnectionRefused);
        _notified.Add(state.ToString());
    }

    private void Round(string? failure)
    {
        _loopHealth.Begin();
        _loopHealth.End(ReconcileReason.Timer, failure);
    }

    /// <summary>The notifications since the last call.</summary>
    private string[] Received()
    {
        string[] all = [.. _notified];
        _notified.Clear();
        return all;
    }
}
