using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Reports records that are not up to date. The status is Degraded, not Unhealthy: a process that cannot reach the DNS
/// provider must stay available to show the reason.
/// </summary>
internal sealed class RecordHealthCheck(StateStore state) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        RecordState[] wrong = [.. state.Current.Records.Where(r => !r.InSync)];
        return Task.FromResult(
            wrong is [var first, ..]
                ? HealthCheckResult.Degraded(
                    $"{wrong.Length} of {state.Current.Records.Count} records not up to date: "
                        + $"{first.Id} {first.State}: {first.Reason}"
                )
                : HealthCheckResult.Healthy()
        );
    }
}
