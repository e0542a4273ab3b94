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
    private StatusDocument? _status;
    private long _confirmed;
    private string? _problem = "it has not reported a status yet";
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;

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

    /// <summary>The version of the newest status; it rises with each change of what visitors see.</summary>
    public long Version => Interlocked.Read(ref _version);

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

    /// <summary>Returns the newest status. The first requests wait up to 3 s for the first status.</summary>
    public async Task<CachedStatus> FirstAsync(CancellationToken cancellationToken)
    {
        if (_first.Task.IsCompleted)
            return Now;
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

    /// <summary>Completes when the version is above <paramref name="seen"/>.</summary>
    public Task NextAsync(long seen)
    {
        lock (_gate)
            return _version > seen ? Task.CompletedTask : _changed.Task;
    }

    /// <summary>Stores a new status. Without one, it confirms that the last status is current.</summary>
    public void Confirm(StatusDocument? newer = null)
    {
        lock (_gate)
        {
            var isChange = newer is not null || _problem is not null;
            (_status, _confirmed, _problem) = (newer ?? _status, _time.GetTimestamp(), null);
            if (isChange)
                Changed();
        }

        _first.TrySetResult();
    }

    /// <summary>Marks the status as stale, because of <paramref name="problem"/> with the connection.</summary>
    public void MarkStale(string problem)
    {
        lock (_gate)
        {
            if (problem == _problem)
                return;
            _problem = problem;
            Changed();
        }
    }

    /// <summary>Starts the next version. The caller holds the lock.</summary>
    private void Changed()
    {
        Interlocked.Increment(ref _version);
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>
    /// The time since <paramref name="time"/>, at least zero: the clocks of the two hosts can differ.
    /// </summary>
    private TimeSpan Since(DateTimeOffset time) =>
        _time.GetUtcNow() is var now && now > time ? now - time : TimeSpan.Zero;
}
