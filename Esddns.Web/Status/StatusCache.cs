namespace Esddns.Web.Status;

/// <summary>What can be shown now.</summary>
/// <param name="Status">The newest status there is; null when there never was one.</param>
/// <param name="Age">How long ago the operator last confirmed it; null when there never was one.</param>
/// <param name="Problem">Why there is no newer one, as a sentence without its full stop; null when it is new.</param>
public sealed record CachedStatus(StatusDocument? Status, TimeSpan? Age, string? Problem)
{
    /// <summary>Whether this may be out of date.</summary>
    public bool IsStale => Problem is not null;
}

/// <summary>
/// Keeps the operator's newest status, for every visitor and for the time when there is no newer one.
/// </summary>
internal sealed class StatusCache
{
    /// <summary>
    /// How long the first visitor waits for the first status. After longer a person would think that the page is down.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private const string Unreachable = "The operator cannot be reached: ";
    private const string CutOff = "The operator cannot learn what is new in the cluster: ";
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private StatusDocument? _status;
    private long _confirmed;
    private string? _problem = "it has not reported its status yet";

    /// <summary>Knows nothing yet. When the host stops, nobody waits any more.</summary>
    public StatusCache(TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _time = time;
        lifetime.ApplicationStopping.Register(() => _first.TrySetResult());
    }

    /// <summary>Whether the operator answers.</summary>
    public bool OperatorAnswers
    {
        get
        {
            lock (_gate)
                return _problem is null;
        }
    }

    /// <summary>What is known at this moment.</summary>
    public CachedStatus Now
    {
        get
        {
            lock (_gate)
            {
                TimeSpan? age = _status is null ? null : _time.GetElapsedTime(_confirmed);
                if (_problem is not null)
                    return new CachedStatus(_status, age, Unreachable + _problem);
                return _status?.Stale is { } stale
                    ? new CachedStatus(_status, Since(stale.Since), CutOff + stale.Reason)
                    : new CachedStatus(_status, age, null);
            }
        }
    }

    /// <summary>What is known; the first visitors wait a little for the first status.</summary>
    public async Task<CachedStatus> FirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _first.Task.WaitAsync(s_patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _first.TrySetResult();
        }

        return Now;
    }

    /// <summary>The operator reported a status, or without one that the last is still the newest.</summary>
    public void Confirm(StatusDocument? newer = null)
    {
        lock (_gate)
            (_status, _confirmed, _problem) = (newer ?? _status, _time.GetTimestamp(), null);
        _first.TrySetResult();
    }

    /// <summary>The operator does not report any more.</summary>
    public void Lose(string problem)
    {
        lock (_gate)
            _problem = problem;
    }

    /// <summary>Its clock and ours can differ.</summary>
    private TimeSpan Since(DateTimeOffset time) =>
        _time.GetUtcNow() is var now && now > time ? now - time : TimeSpan.Zero;
}
