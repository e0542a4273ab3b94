using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Systemd;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Systemd;

/// <summary>systemd learns of the start, the stop, and a loop that is not healthy by sd_notify(3).</summary>
public sealed class ServiceNotifierTests : IDisposable
{
    private static readonly TimeSpan s_watchdog = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-notify-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OperatorMetrics _metrics;
    private readonly LoopHealthCheck _loopHealth;
    private readonly ServiceNotifier _notifier;

    public ServiceNotifierTests()
    {
        var path = Path.Combine(_folder.FullName, "notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(path));
        _metrics = new OperatorMetrics(_services.GetRequiredService<IMeterFactory>());
        _loopHealth = new LoopHealthCheck(new LoopOptions(), _metrics, _time);
        _notifier = new ServiceNotifier(
            new ServiceManager(path, s_watchdog),
            _loopHealth,
            _time,
            NullLogger<ServiceNotifier>.Instance
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _notifier.Dispose();
        _systemd.Dispose();
        _metrics.Dispose();
        _services.Dispose();
        _folder.Delete(recursive: true);
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
        // Minute by minute: the queue of a socket is short.
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
    public async Task FullQueue_DoesNotStopTheOperator()
    {
        await _notifier.StartedAsync(Cancel);
        Round(null);
        _time.Advance(s_watchdog * 1000);
        Assert.Equal("READY=1", Received()[0]);
    }

    [Fact]
    public async Task WithoutAListener_LogsOnly()
    {
        _systemd.Dispose();
        await _notifier.StartedAsync(Cancel);
        await _notifier.StoppingAsync(Cancel);
    }

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("relative", "1000000", null, null, null)]
    [InlineData("/run/systemd/notify", null, null, "/run/systemd/notify", null)]
    [InlineData("/run/systemd/notify", "30000000", null, "/run/systemd/notify", 30)]
    [InlineData("/run/systemd/notify", "30000000", "1", "/run/systemd/notify", null)]
    [InlineData("/run/systemd/notify", "0", null, "/run/systemd/notify", null)]
    [InlineData("@abstract", "30000000", "self", "\0abstract", 30)]
    public void Environment_IsReadAsSystemdSetsIt(
        string? socket,
        string? limit,
        string? pid,
        string? name,
        int? seconds
    )
    {
        var manager = ServiceManager.Read(variable =>
            variable switch
            {
                "NOTIFY_SOCKET" => socket,
                "WATCHDOG_USEC" => limit,
                "WATCHDOG_PID" when pid == "self" => $"{Environment.ProcessId}",
                "WATCHDOG_PID" => pid,
                _ => null,
            }
        );
        Assert.Equal(name, manager?.Socket);
        Assert.Equal(seconds, (int?)manager?.Watchdog?.TotalSeconds);
    }

    private void Round(string? failure)
    {
        _loopHealth.Begin();
        _loopHealth.End(ReconcileReason.Timer, failure);
    }

    /// <summary>The datagrams since the last call; they are in the socket when the sender returns.</summary>
    private List<string> Received()
    {
        var all = new List<string>();
        var buffer = new byte[64];
        while (_systemd.Available > 0)
            all.Add(Encoding.ASCII.GetString(buffer, 0, _systemd.Receive(buffer)));
        return all;
    }
}
