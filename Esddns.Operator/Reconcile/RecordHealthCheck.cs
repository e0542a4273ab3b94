using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Shows in the health report which records are not up to date. They degrade the health and do not end it: a process
/// that cannot reach the DNS provider still has to be asked what is wrong.
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
                    $"{wrong.Length} of {state.Current.Records.Count} not up to date: {first.Id} {first.State}: "
                        + $"{first.Reason}"
                )
                : HealthCheckResult.Healthy()
        );
    }
}
