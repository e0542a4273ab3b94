using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Publishing;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>Competes for the Lease while the process runs, and allows writes while the Lease is held.</summary>
/// <remarks>
/// In client libraries, leadership is a flag that a loop clears. Here it ends at the renew deadline, even when the
/// process was suspended. A new leader first takes over the state of its predecessor, and a leader releases the Lease
/// at its end.
/// </remarks>
internal sealed class LeaderElector(
    LeaseLock lease,
    LeaseObserver observer,
    Func<LeadershipTerm, Task> takeOver,
    ClusterState clusterState,
    KubernetesOptions options,
    TimeProvider time,
    Random random,
    ILogger<LeaderElector> logger
) : BackgroundService, ILeadership
{
    private static readonly TimeSpan s_releaseTimeout = TimeSpan.FromSeconds(2);
    private readonly RetryWait _wait = new(options.RetryPeriod, options.LeaseDuration);
    private volatile LeadershipTerm? _term;

    /// <inheritdoc/>
    public bool IsLeader => _term is { IsReady: true, IsHeld: true };

    /// <inheritdoc/>
    public CancellationToken LeadershipLost => _term?.Ended ?? new CancellationToken(canceled: true);

    /// <inheritdoc/>
    public int? Term => _term?.Number;

    /// <inheritdoc/>
    public TimeSpan? HandoverGap => options.LeaseDuration - options.RenewDeadline;

    /// <summary>Whether this process holds the Lease, even before it may write.</summary>
    public bool HoldsLease => _term is not null;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (failures, lastProblem) = (0, "");
        while (true)
        {
            try
            {
                var vacant = await observer.WaitAsync(stoppingToken);
                (failures, lastProblem) = (0, "");
                var sent = LeadershipTerm.ClockReading.Now(time);
                await LeadAsync(await lease.TakeAsync(vacant, stoppingToken), sent, stoppingToken);
            }
            catch (ApiException e) when (e.HasStatus(HttpStatusCode.Conflict))
            {
                logger.LeaseHeldByAnother(options.Identity);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var problem = e.Explain();
                if (problem != lastProblem)
                    logger.LeaseNotAcquired(lastProblem = problem);
                await Task.Delay(_wait.After(failures++, random), time, stoppingToken);
            }
        }
    }

    private async Task LeadAsync(Lease held, LeadershipTerm.ClockReading sent, CancellationToken stoppingToken)
    {
        using var term = new LeadershipTerm(held.Spec.LeaseTransitions ?? 0, sent, options.RenewDeadline, time);
        _term = term;
        logger.Elected(options.Identity, term.Number);
        var takingOver = TakeOverAsync(term);
        try
        {
            while (await IsDueAsync(term, stoppingToken))
                held = await RenewAsync(held, term) ?? held;
        }
        finally
        {
            // First stop all writes, then publish the end of the term.
            term.End();
            _term = null;
            logger.TermEnded(options.Identity, term.Number);
            await takingOver;
            if (stoppingToken.IsCancellationRequested)
                await ReleaseAsync(held);
        }
    }

    private async Task<bool> IsDueAsync(LeadershipTerm term, CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Ended, stoppingToken);
        await Task.Delay(options.RetryPeriod, time, either.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !either.IsCancellationRequested;
    }

    /// <summary>
    /// Renews the Lease once. A failure is retried until the deadline. A Lease of another holder ends the term.
    /// </summary>
    private async Task<Lease?> RenewAsync(Lease held, LeadershipTerm term)
    {
        try
        {
            var sent = LeadershipTerm.ClockReading.Now(time);
            var renewed = await lease.RenewAsync(held, term.Ended);
            term.Renew(sent);
            return renewed;
        }
        catch (ApiException e) when (e.HasStatus(HttpStatusCode.Conflict) || e.HasStatus(HttpStatusCode.NotFound))
        {
            // Held by another pod, deleted, or renewed by us with a lost answer.
            if (
                await ReadAsync(term) is { } newest
                && newest.Spec?.HolderIdentity == options.Identity
                && newest.Spec.LeaseTransitions == term.Number
            )
                return newest;
            term.End();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LeaseNotRenewed(options.Identity, e.Explain());
        }
        catch (OperationCanceledException)
        {
            // The renew deadline has passed.
        }

        return null;
    }

    private async Task<Lease?> ReadAsync(LeadershipTerm term)
    {
        try
        {
            return await lease.ReadAsync(term.Ended);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task TakeOverAsync(LeadershipTerm term)
    {
        while (!term.Ended.IsCancellationRequested)
        {
            try
            {
                await takeOver(term);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.StateNotTakenOver(options.Identity, e.Explain());
                await Task.Delay(options.RetryPeriod, time, term.Ended)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReleaseAsync(Lease held)
    {
        using var limit = new CancellationTokenSource(s_releaseTimeout, time);
        try
        {
            await lease.ReleaseAsync(held, limit.Token);
            logger.LeaseReleased(options.Identity);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException)
        {
            logger.LeaseNotReleased(options.Identity, e.Explain());
            return;
        }

        try
        {
            await clusterState.LeaveAsync(limit.Token);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException)
        {
            logger.ReleaseNotPublished(options.Identity, e.Explain());
        }
    }
}
