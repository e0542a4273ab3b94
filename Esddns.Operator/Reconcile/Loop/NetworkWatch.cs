using Esddns.Operator.Discovery.Interfaces;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>Triggers a round when the addresses of the host change.</summary>
internal sealed class NetworkWatch(HostAddresses hostAddresses, ReconcileTrigger trigger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        hostAddresses.Changed += OnChanged;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        hostAddresses.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(object? sender, EventArgs e) => trigger.Request(ReconcileReason.Network);
}
