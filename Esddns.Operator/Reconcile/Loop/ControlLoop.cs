using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>Runs rounds until the process ends. A failed round is logged, and the loop continues.</summary>
internal sealed class ControlLoop(
    Reconciler reconciler,
    ILeadership leadership,
    StateStore state,
    ReconcileTrigger trigger,
    RoundSchedule schedule,
    LoopHealthCheck loopHealth,
    TimeProvider time,
    ILogger<ControlLoop> logger
) : BackgroundService
{
    private readonly List<TaskCompletionSource<Snapshot>> _waiting = [];
    private readonly FaultLines<string> _lines = new(time);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (wait, reason) = (TimeSpan.Zero, ReconcileReason.Start);
        while (true)
        {
            await schedule.WaitForRateLimitAsync(stoppingToken);
            await RunAsync(await trigger.NextAsync(wait, reason, stoppingToken), stoppingToken);
            (wait, reason) = schedule.Next();
        }
    }

    private async Task RunAsync(ReconcileTrigger.RequestedRound round, CancellationToken cancellationToken)
    {
        string? failure = null;
        if (round.Requested is not null)
            _waiting.Add(round.Requested);
        if (schedule.Begin(round.Reasons) is not (var reason, var asksSources))
            return;
        loopHealth.Begin();
        try
        {
            var snapshot = await RunAsync(reason, asksSources, cancellationToken);
            schedule.Ended();
            _lines.Ended(nameof(ControlLoop));
            if (asksSources)
                Answer(r => r.TrySetResult(snapshot));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Answer(r => r.TrySetCanceled(cancellationToken));
            throw;
        }
#pragma warning disable CA1031 // Any exception fails the round only: the loop must not end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = Text.UntrustedText.Clean(e.Message);
            var wait = schedule.Failed();
            if (_lines.IsDue(nameof(ControlLoop), e.GetType().Name))
                logger.RoundFailed(e, reason, wait.TotalSeconds);
            Answer(r => r.TrySetException(e));
        }
        finally
        {
            loopHealth.End(reason, failure);
        }
    }

    /// <summary>Runs a full round as the leader, or only the observation as a follower.</summary>
    private async Task<Snapshot> RunAsync(ReconcileReason reason, bool asksSources, CancellationToken cancellationToken)
    {
        if (leadership.IsLeader)
        {
            using var term = CancellationTokenSource.CreateLinkedTokenSource(
                leadership.LeadershipLost,
                cancellationToken
            );
            try
            {
                var snapshot = await reconciler.RunOnceAsync(
                    reason,
                    term.Token,
                    asksSources,
                    waitsForAllZones: false,
                    schedule.NextPoll
                );
                logger.RoundEnded(snapshot.Round, reason, snapshot.InSync);
                return snapshot;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                logger.RoundInterrupted(reason);
            }
        }
        else
        {
            await reconciler.ObserveAsync(reason, asksSources, cancellationToken);
        }

        return state.Current;
    }

    private void Answer(Action<TaskCompletionSource<Snapshot>> answer)
    {
        _waiting.ForEach(answer);
        _waiting.Clear();
    }
}
