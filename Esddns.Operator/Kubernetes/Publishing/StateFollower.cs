using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Makes every pod know who leads, and what the leader published: soon after a change with a few nodes, later the more
/// there are, and at once when somebody asks this pod. A pod that cannot reach the API server keeps what it knew,
/// marked as stale. To the leader it brings the requests of the others.
/// </summary>
internal sealed class StateFollower(
    PublishedState published,
    LeaderElector elector,
    ClusterState kept,
    SyncRequests requests,
    StateStore state,
    LocalObservations local,
    ReconcileTrigger trigger,
    TimeProvider time,
    Random random,
    ILogger<StateFollower> logger
) : BackgroundService, IFreshState
{
    /// <summary>All pods together read the whole state no more often than that.</summary>
    private static readonly TimeSpan s_perNode = TimeSpan.FromMilliseconds(60);

    /// <summary>For few nodes, and for pods that are asked.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(200);

    /// <summary>For any number of nodes.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(5);

    /// <summary>How long a caller of the API waits for a newer state.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _one = new(1);
    private readonly RetryWait _retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    private volatile string? _read;
    private long _readAt;

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (published.Lost is not null || !IsNews())
            return;
        using var limit = new CancellationTokenSource(s_patience, time);
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
        _one.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(NoticeAsync(stoppingToken), FollowAsync(stoppingToken));

    private async Task NoticeAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var change = published.NextChange();
            Mark();
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
                if (IsNews())
                    await WaitAsync(published.Share(s_perNode, s_soon, s_late), stoppingToken);
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

    /// <summary>Reads the published state, unless it is known or this pod leads.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (IsNews())
                await WaitAsync(s_soon, cancellationToken);
            // It may be removed at any moment.
            if (published.Map?.Metadata.ResourceVersion is not { } version || !IsNews())
                return;
            var (snapshot, found) = await kept.ReadAsync(cancellationToken);
            (_read, _readAt) = (version, time.GetTimestamp());
            if (snapshot is not null)
                Take(snapshot, found);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Until so long after the last time; not before the first.</summary>
    private Task WaitAsync(TimeSpan gap, CancellationToken cancellationToken)
    {
        var left = gap * (0.5 + random.NextDouble() / 2) - time.GetElapsedTime(_readAt);
        return _read is null || left <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(left, time, cancellationToken);
    }

    /// <summary>Whether a version is published that this pod has neither read nor written.</summary>
    private bool IsNews()
    {
        if (!elector.IsLeading)
            return published.Map?.Metadata.ResourceVersion is { } version && version != _read;
        _read = null;
        return false;
    }

    private void Take(Snapshot snapshot, long version)
    {
        // Asked within the update: what was read before must not replace what was taken over or written since.
        state.Update(s =>
            elector.IsLeading || version < kept.Version
                ? s
                : snapshot with
                {
                    Leader = published.Leader,
                    Stale = published.Lost,
                }
        );
        // What the leader looks for, its observers look for as well.
        if (snapshot.Wan.Any(w => local.WanOf(w.Family) is null))
            trigger.Request(ReconcileReason.Cluster);
    }

    private void Mark()
    {
        var (leader, lost) = (published.Leader, published.Lost);
        if (leader == state.Current.Leader && lost == state.Current.Stale)
            return;
        state.Update(s => elector.IsLeading ? s with { Stale = lost } : s with { Leader = leader, Stale = lost });
    }
}
