using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>Runs a round on request, without waiting for the next scheduled one.</summary>
internal interface ISyncRequests
{
    /// <summary>Requests a round that begins after this call, and waits for its end.</summary>
    /// <returns>The state at the end of the round; or null, and the reason.</returns>
    Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken);
}

/// <summary>Runs the round in the control loop of this process.</summary>
internal sealed class LocalSync(ReconcileTrigger trigger) : ISyncRequests
{
    /// <inheritdoc/>
    public async Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken) =>
        (await trigger.RequestAsync(cancellationToken), null);
}
