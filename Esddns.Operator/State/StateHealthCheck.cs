using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.State;

/// <summary>
/// Shows in the health report that the state cannot be kept. That degrades the health: the records are still looked
/// after.
/// </summary>
internal sealed class StateHealthCheck(IStateKeeper keeper) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            keeper.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy()
        );
}
