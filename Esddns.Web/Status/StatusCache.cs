using Esddns.Contracts;

namespace Esddns.Web.Status;

/// <summary>Caches the operator's newest status, so the page also works while the operator is unreachable.</summary>
internal sealed class StatusCache
{
    /// <summary>
    /// The time that the first request waits for the first status. A longer wait looks like an outage of the page.
    /// </summary>
    private static readonly TimeSpan s_firstStatusTimeout = TimeSpan.FromSeconds(3);

    private const string Unreachable = "Cannot reach the operator: ";
    private const string OperatorStale = "The operator cannot read the current state of the cluster: ";
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StatusDocument? _status;
    private long _version = 1;
    private long _confirmed;
    private string? _problem = "it has not reported a status yet";

    /// <summary>Creates an empty cache. Waiting requests continue when the host stops.</summary>
    public StatusCache(TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _time = time;
        lifetime.ApplicationStopping.Register(() => _first.TrySetResult());
    }

    /// <summary>Whether the connection to the operator works.</summary>
    public bool OperatorAnswers
    {
        get
        {
            lock (_gate)
                return _problem is null;
        }
    }

    /// <summary>The newest status at this moment.</summary>
    public CachedStatus Now
    {
        get
        {
            lock (_gate)
            {
                TimeSpan? age = _status is null ? null : _time.GetElapsedTime(_confirmed);
                if (_problem is not null)
                    return new CachedStatus(_status, age, Unreachable + _problem, _version);
                return _status?.Stale is { } stale
                    ? new CachedStatus(_status, Since(stale.Since), OperatorStale + stale.Reason, _version)
                    : new CachedStatus(_status, age, null, _version);
            }
        }
    }

    /// <summary>Completes when the version differs from <paramref name="version"/>.</summary>
    public Task ChangeAfter(long version)
    {
        lock (_gate)
            return _version == version ? _change.Task : Task.CompletedTask;
    }

    /// <summary>Returns the newest status. The first requests wait up to 3 s for the first status.</summary>
    public async Task<CachedStatus> FirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _first.Task.WaitAsync(s_firstStatusTimeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _first.TrySetResult();
        }

        return Now;
    }

    /// <summary>Stores a new status. Without one, it confirms that the last status is current.</summary>
    public void Confirm(StatusDocument? newer = null)
    {
        lock (_gate)
        {
            var isChange = newer is not null || _problem is not null;
            (_status, _confirmed, _problem) = (newer ?? _status, _time.GetTimestamp(), null);
            if (isChange)
                Announce();
        }

        _first.TrySetResult();
    }

    /// <summary>Marks the status as stale, because of <paramref name="problem"/> with the connection.</summary>
    public void MarkStale(string problem)
    {
        lock (_gate)
        {
            if (_problem == problem)
                return;
            _problem = problem;
            Announce();
        }
    }

    private void Announce()
    {
        _version++;
        _change.TrySetResult();
        _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>
    /// The time since <paramref name="time"/>, at least zero: the clocks of the two hosts can differ.
    /// </summary>
    private TimeSpan Since(DateTimeOffset time) =>
        _time.GetUtcNow() is var now && now > time ? now - time : TimeSpan.Zero;
}
