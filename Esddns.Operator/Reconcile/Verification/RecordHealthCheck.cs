using Esddns.Operator.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile.Verification;

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
        var records = state.Current.Records;
        RecordState[] outOfSync = [.. records.Where(r => !r.InSync)];
        if (outOfSync is not [var first, ..])
            return Task.FromResult(HealthCheckResult.Healthy());
        var count = $"{outOfSync.Length} of {records.Count} records not up to date";
        var example = $"{first.Id} {first.State}: {first.Reason}";
        return Task.FromResult(HealthCheckResult.Degraded($"{count}: {example}"));
    }
}
