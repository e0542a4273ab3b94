using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Whether the loop does its work: rounds begin and end in time, and not the last three of them failed.
/// </summary>
internal sealed class LoopHealthCheck(LoopOptions options, TimeProvider time) : IHealthCheck
{
    /// <summary>So many rounds in a row that did not come to their end are no accident.</summary>
    public const int MaxFailures = 3;

    /// <summary>No round takes longer, slow providers included.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private long? _began;
    private long? _ended;
    private int _failures;
    private string? _failure;

    /// <summary>A round begins.</summary>
    public void Begin()
    {
        lock (_gate)
            _began = time.GetTimestamp();
    }

    /// <summary>
    /// A round has ended; <paramref name="failure"/> is why it did not come to its end, null when it did.
    /// </summary>
    public void End(string? failure)
    {
        lock (_gate)
        {
            (_began, _ended) = (null, time.GetTimestamp());
            (_failures, _failure) = failure is null ? (0, null) : (_failures + 1, failure);
        }
    }

    /// <summary>Null when all is well, or what is not.</summary>
    public string? Problem()
    {
        lock (_gate)
        {
            if (_failures >= MaxFailures)
                return $"the last {_failures} rounds failed: {_failure}";
            if (_began is { } began && time.GetElapsedTime(began) is var running && running > s_patience)
                return $"the round has been running for {running.TotalSeconds:0} s";
            if (_ended is not { } ended)
                return "no round has ended yet";
            return _began is null && time.GetElapsedTime(ended) is var idle && idle > options.SyncInterval + s_patience
                ? $"the last round ended {idle.TotalSeconds:0} s ago"
                : null;
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Problem() is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
