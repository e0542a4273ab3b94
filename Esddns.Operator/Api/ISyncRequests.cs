using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>What a person asks for who cannot wait for the next round.</summary>
internal interface ISyncRequests
{
    /// <summary>Waits for the end of a round that begins after this call.</summary>
    /// <returns>The state at its end; or null and why there is none.</returns>
    Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken);
}

/// <summary>The loop of this process does it.</summary>
internal sealed class LocalSync(ReconcileTrigger trigger) : ISyncRequests
{
    /// <inheritdoc/>
    public async Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken) =>
        (await trigger.RequestAsync(cancellationToken), null);
}
