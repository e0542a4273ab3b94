using System.Net.Sockets;
using Esddns.Operator.Reconcile.Loop;
using Microsoft.Extensions.Hosting.Systemd;

namespace Esddns.Operator.Systemd;

/// <summary>
/// Tells systemd that the operator has started, that its control loop is healthy, and that it stops: sd_notify(3),
/// datagrams like <c>READY=1</c>. systemd restarts the operator when <c>WATCHDOG=1</c> is missing.
/// </summary>
internal sealed class ServiceNotifier(
    ISystemdNotifier systemd,
    Watchdog watchdog,
    LoopHealthCheck loopHealth,
    TimeProvider time,
    ILogger<ServiceNotifier> logger
) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long the loop may be unhealthy after the start: no round has ended yet.</summary>
    private static readonly TimeSpan s_firstRound = TimeSpan.FromMinutes(10);

    private static readonly ServiceState s_healthy = new("WATCHDOG=1");
    private ITimer? _timer;
    private long? _started;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started = time.GetTimestamp();
        Notify(ServiceState.Ready);
        // Half of the limit, as sd_watchdog_enabled(3) recommends.
        if (watchdog.Limit is { } limit)
            _timer = time.CreateTimer(_ => ReportHealth(), null, TimeSpan.Zero, limit / 2);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Notify(ServiceState.Stopping);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void ReportHealth()
    {
        var isStarting = _started is { } started && time.GetElapsedTime(started) < s_firstRound;
        var problem = loopHealth.Problem();
        if (problem is null)
            _started = null;
        if (problem is null || isStarting)
            Notify(s_healthy);
    }

    private void Notify(ServiceState state)
    {
        try
        {
            systemd.Notify(state);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            logger.NotNotified(state.ToString(), e.Message);
        }
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
