using System.Net.NetworkInformation;

namespace Esddns.Operator.Reconcile;

/// <summary>Wakes the loop when the host's own addresses change.</summary>
internal sealed class NetworkWatch(Wakeups wakeups) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        NetworkChange.NetworkAddressChanged += OnChanged;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        NetworkChange.NetworkAddressChanged -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(object? sender, EventArgs e) => wakeups.Wake(RoundReason.Network);
}
