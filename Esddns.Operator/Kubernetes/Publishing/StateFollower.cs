using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Follows the leader and its published state, in every pod. The delay of a read grows with the number of nodes. A
/// caller of the API causes an immediate read. While the API server is unreachable, a pod keeps the last state and
/// marks it as stale. In the leader, it answers the sync requests of other pods.
/// </summary>
internal sealed class StateFollower(
    StateAnnotations published,
    LeaderElector elector,
    ClusterState clusterState,
    FollowedState followed,
    SyncRequests requests,
    TimeProvider time,
    Random random,
    ILogger<StateFollower> logger
) : BackgroundService, IStateRefresher
{
    /// <summary>The interval between reads of the whole state by all pods together.</summary>
    private static readonly TimeSpan s_perNode = TimeSpan.FromMilliseconds(60);

    /// <summary>The shortest interval between two reads of a pod.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest interval between two reads of a pod.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>How long a caller of the API waits for a newer state.</summary>
    private static readonly TimeSpan s_refreshTimeout = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _mutex = new(1);
    private readonly RetryWait _retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private volatile string? _readVersion;
    private long _readAt;

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (published.Staleness is not null || !HasUnreadVersion())
            return;
        using var limit = new CancellationTokenSource(s_refreshTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await ReadAsync(either.Token);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
                logger.StateNotRead(e.Explain());
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _mutex.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchAsync(stoppingToken), FollowAsync(stoppingToken));

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var change = published.NextChange();
            followed.UpdateLeader();
            if (elector.IsLeader)
                _ = requests.AnswerAsync(published.Map, stoppingToken);
            await change.WaitAsync(stoppingToken);
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (true)
        {
            var change = published.NextChange();
            try
            {
                if (HasUnreadVersion())
                    await WaitAsync(published.Share(s_perNode, s_shortest, s_longest), stoppingToken);
                await ReadAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception e) when (e is ApiException or HttpRequestException)
            {
                logger.StateNotRead(e.Explain());
                await Task.Delay(_retry.After(failures++, random), time, stoppingToken);
                continue;
            }

            await change.WaitAsync(stoppingToken);
        }
    }

    /// <summary>Reads the published state, unless this pod has read this version or leads.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        try
        {
            if (HasUnreadVersion())
                await WaitAsync(s_shortest, cancellationToken);
            // The ConfigMap may be deleted at any moment.
            if (published.Map?.Metadata.ResourceVersion is not { } version || !HasUnreadVersion())
                return;
            var (snapshot, found) = await clusterState.ReadAsync(cancellationToken);
            (_readVersion, _readAt) = (version, time.GetTimestamp());
            if (snapshot is not null)
                followed.Store(snapshot, found);
        }
        finally
        {
            _mutex.Release();
        }
    }

    /// <summary>Waits until this time has passed since the last read. The first read does not wait.</summary>
    private Task WaitAsync(TimeSpan gap, CancellationToken cancellationToken)
    {
        var left = gap * (0.5 + random.NextDouble() / 2) - time.GetElapsedTime(_readAt);
        return _readVersion is null || left <= TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(left, time, cancellationToken);
    }

    /// <summary>Whether a version is published that this pod has neither read nor written.</summary>
    private bool HasUnreadVersion()
    {
        if (!elector.HoldsLease)
            return published.Map?.Metadata.ResourceVersion is { } version && version != _readVersion;
        _readVersion = null;
        return false;
    }
}
