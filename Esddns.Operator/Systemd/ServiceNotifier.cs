using System.Net.Sockets;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Systemd;

/// <summary>
/// Tells systemd that the operator has started, that its control loop is healthy, and that it stops: sd_notify(3),
/// datagrams like <c>READY=1</c>. systemd restarts the operator when <c>WATCHDOG=1</c> is missing.
/// </summary>
internal sealed class ServiceNotifier(
    ServiceManager manager,
    LoopHealthCheck loopHealth,
    TimeProvider time,
    ILogger<ServiceNotifier> logger
) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long the loop may be unhealthy after the start: no round has ended yet.</summary>
    private static readonly TimeSpan s_firstRound = TimeSpan.FromMinutes(10);

    /// <summary>Fails when the queue of the receiver is full: the operator never waits for systemd.</summary>
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
    {
        Blocking = false,
    };

    private ITimer? _watchdog;
    private long? _started;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started = time.GetTimestamp();
        Notify("READY=1");
        // Half of the limit, as sd_watchdog_enabled(3) recommends.
        if (manager.Watchdog is { } limit)
            _watchdog = time.CreateTimer(_ => ReportHealth(), null, TimeSpan.Zero, limit / 2);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Notify("STOPPING=1");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        _socket.Dispose();
    }

    private void ReportHealth()
    {
        var isStarting = _started is { } started && time.GetElapsedTime(started) < s_firstRound;
        var problem = loopHealth.Problem();
        if (problem is null)
            _started = null;
        if (problem is null || isStarting)
            Notify("WATCHDOG=1");
    }

    private void Notify(string state)
    {
        try
        {
            _socket.SendTo(System.Text.Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(manager.Socket));
        }
        catch (SocketException e)
        {
            logger.NotNotified(state, e.Message);
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the host stopped.
        }
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
