using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile;

/// <summary>Whether the loop is advancing: ready once a round has ended, and as long as the next one begins and ends in time.</summary>
internal sealed class LoopPulse(LoopOptions options, TimeProvider time) : IHealthCheck
{
    /// <summary>No round takes longer, slow providers included.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _began;
    private long? _ended;

    /// <summary>A round begins.</summary>
    public void Begin()
    {
        lock (_gate) _began = time.GetTimestamp();
    }

    /// <summary>A round has ended, one way or another.</summary>
    public void End()
    {
        lock (_gate) (_began, _ended) = (null, time.GetTimestamp());
    }

    /// <summary>Null when all is well, or what is not.</summary>
    public string? Problem()
    {
        lock (_gate)
        {
            if (_began is { } began && time.GetElapsedTime(began) is var running && running > s_patience)
                return $"the round has been running for {running.TotalSeconds:0} s";
            if (_ended is not { } ended) return "no round has ended yet";
            return _began is null && time.GetElapsedTime(ended) is var idle && idle > options.SyncInterval + s_patience
                ? $"the last round ended {idle.TotalSeconds:0} s ago"
                : null;
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem() is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
