using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.State;

/// <summary>
/// Reports that the state cannot be stored. The status is Degraded, because records are still reconciled.
/// </summary>
internal sealed class StateHealthCheck(IStatePersistence persistence) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            persistence.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy()
        );
}
