using Esddns.Operator.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// Checks that rounds start and end in time, and that the last three did not all fail. Also measures the rounds.
/// </summary>
internal sealed class LoopHealthCheck(LoopOptions options, OperatorMetrics metrics, TimeProvider time) : IHealthCheck
{
    /// <summary>The number of consecutive failed rounds that makes the loop unhealthy.</summary>
    public const int MaxFailures = 3;

    /// <summary>The maximum duration of a round, even with slow providers.</summary>
    private static readonly TimeSpan s_maxDuration = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _began;
    private long? _ended;
    private int _failedRounds;
    private string? _lastFailure;

    /// <summary>Records the start of a round.</summary>
    public void Begin()
    {
        lock (_gate)
            _began = time.GetTimestamp();
    }

    /// <summary>
    /// Records the end of a round.
    /// </summary>
    /// <param name="reason">The reason of the round.</param>
    /// <param name="failure">The reason of its failure; null when it succeeded.</param>
    public void End(ReconcileReason reason, string? failure)
    {
        lock (_gate)
        {
            if (_began is { } began)
                metrics.RoundEnded(reason.ToString(), failure is null, time.GetElapsedTime(began));
            (_began, _ended) = (null, time.GetTimestamp());
            (_failedRounds, _lastFailure) = failure is null ? (0, null) : (_failedRounds + 1, failure);
        }
    }

    /// <summary>The problem of the loop; null when it is healthy.</summary>
    public string? Problem()
    {
        lock (_gate)
        {
            if (_failedRounds >= MaxFailures)
                return $"the last {_failedRounds} rounds failed: {_lastFailure}";
            if (_began is { } began)
            {
                var running = time.GetElapsedTime(began);
                if (running > s_maxDuration)
                    return $"the round has been running for {running.TotalSeconds:0} s";
            }

            if (_ended is not { } ended)
                return "no round has ended yet";
            var idle = time.GetElapsedTime(ended);
            var isIdle = _began is null && idle > options.SyncInterval + s_maxDuration;
            return isIdle ? $"the last round ended {idle.TotalSeconds:0} s ago" : null;
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Problem() is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
