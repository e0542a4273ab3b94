using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>Runs the round in the control loop of this process.</summary>
internal sealed class LocalSync(ReconcileTrigger trigger) : ISyncRequests
{
    /// <inheritdoc/>
    public async Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken) =>
        (await trigger.RequestAsync(cancellationToken), null);
}
