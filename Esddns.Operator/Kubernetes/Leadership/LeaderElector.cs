using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Publishing;

namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>Competes for the Lease for as long as the process lives, and allows writes while it is held.</summary>
/// <remarks>
/// The electors of client libraries know leadership as a flag that a loop clears. Here it is a proof that runs out,
/// the state of the predecessor is taken over first, and the Lease is given back at the end.
/// </remarks>
internal sealed class LeaderElector(
    LeaseLock lease,
    LeaseObserver observer,
    Func<LeadershipTerm, Task> takeOver,
    ClusterState published,
    KubernetesOptions options,
    TimeProvider time,
    Random random,
    ILogger<LeaderElector> logger
) : BackgroundService, ILeadership
{
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(2);
    private readonly RetryWait _wait = new(options.RetryPeriod, options.LeaseDuration);
    private volatile LeadershipTerm? _term;

    /// <inheritdoc/>
    public bool IsLeader => _term is { IsReady: true, IsHeld: true };

    /// <inheritdoc/>
    public CancellationToken LeadershipLost => _term?.Ended ?? new CancellationToken(canceled: true);

    /// <inheritdoc/>
    public TimeSpan? Grace => options.LeaseDuration - options.RenewDeadline;

    /// <summary>Whether this process is the leader, or about to be.</summary>
    public bool IsLeading => _term is not null;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (failures, told) = (0, "");
        while (true)
        {
            try
            {
                var vacant = await observer.WaitAsync(stoppingToken);
                (failures, told) = (0, "");
                var asked = LeadershipTerm.Instant.Now(time);
                await LeadAsync(await lease.TakeAsync(vacant, stoppingToken), asked, stoppingToken);
            }
            catch (ApiException e) when (e.Says(HttpStatusCode.Conflict))
            {
                logger.LateForLease(options.Identity);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var problem = e.Explain();
                if (problem != told)
                    logger.NotCompeting(told = problem);
                await Task.Delay(_wait.After(failures++, random), time, stoppingToken);
            }
        }
    }

    private async Task LeadAsync(Lease held, LeadershipTerm.Instant asked, CancellationToken stoppingToken)
    {
        using var term = new LeadershipTerm(held.Spec.LeaseTransitions ?? 0, asked, options.RenewDeadline, time);
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
    /// One renewal. A failure is repeated until the deadline; a Lease with another holder ends the term.
    /// </summary>
    private async Task<Lease?> RenewAsync(Lease held, LeadershipTerm term)
    {
        try
        {
            var asked = LeadershipTerm.Instant.Now(time);
            var renewed = await lease.RenewAsync(held, term.Ended);
            term.Renew(asked);
            return renewed;
        }
        catch (ApiException e) when (e.Says(HttpStatusCode.Conflict) || e.Says(HttpStatusCode.NotFound))
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
            // The deadline came first.
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
        using var limit = new CancellationTokenSource(s_goodbye, time);
        try
        {
            await lease.ReleaseAsync(held, limit.Token);
            logger.LeaseReleased(options.Identity);
            await published.LeaveAsync(limit.Token);
        }
        catch (Exception e) when (e is ApiException or HttpRequestException or OperationCanceledException)
        {
            logger.LeaseNotReleased(options.Identity, e.Explain());
        }
    }
}
