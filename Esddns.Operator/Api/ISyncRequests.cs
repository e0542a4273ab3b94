using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>Runs a round on request, without waiting for the next scheduled one.</summary>
internal interface ISyncRequests
{
    /// <summary>Requests a round that begins after this call, and waits for its end.</summary>
    /// <returns>The state at the end of the round; or null, and the reason.</returns>
    Task<(Snapshot? Snapshot, string? Problem)> RequestAsync(CancellationToken cancellationToken);
}
