using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>Runs rounds for as long as the process lives. A round that breaks is reported; the next one takes place.</summary>
internal sealed partial class ControlLoop(
    Reconciler reconciler, IWritePermit permit, StateStore state, LocalView local, Wakeups wakeups, Backoff<ZoneAccess> zones, Backoff<RoundOutcome> outcomes, LoopOptions options, LoopPulse pulse,
    ILogger<ControlLoop> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var round = await wakeups.NextAsync(TimeSpan.Zero, RoundReason.Start, stoppingToken);
        while (true)
        {
            await RunAsync(round, stoppingToken);
            var (wait, reason) = Schedule();
            round = await wakeups.NextAsync(wait, reason, stoppingToken);
        }
    }

    private async Task RunAsync(Wakeups.Round round, CancellationToken cancellationToken)
    {
        try
        {
            pulse.Begin();
            var snapshot = await RunAsync(round.Reason, cancellationToken);
            round.Requested?.TrySetResult(snapshot);
            if (local.Wan.All(w => w.IsKnown)) outcomes.Succeeded(RoundOutcome.NotAgreed);
            else outcomes.Failed(RoundOutcome.NotAgreed);
            outcomes.Succeeded(RoundOutcome.Broken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            round.Requested?.TrySetCanceled(cancellationToken);
            throw;
        }
#pragma warning disable CA1031 // The loop outlives every surprise: it is the one thing that must not end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogBroken(e, round.Reason);
            round.Requested?.TrySetException(e);
            outcomes.Failed(RoundOutcome.Broken);
        }
        finally
        {
            pulse.End();
        }
    }

    /// <summary>The whole round while this process may write, and the part of an observer otherwise.</summary>
    private async Task<Snapshot> RunAsync(RoundReason reason, CancellationToken cancellationToken)
    {
        if (permit.IsHeld)
        {
            using var term = CancellationTokenSource.CreateLinkedTokenSource(permit.Lost, cancellationToken);
            try
            {
                var snapshot = await reconciler.RunOnceAsync(reason, term.Token);
                LogRound(snapshot.Round, reason, snapshot.InSync);
                return snapshot;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                LogInterrupted(reason);
            }
        }
        else
        {
            await reconciler.ObserveAsync(reason, cancellationToken);
        }

        return state.Current;
    }

    /// <summary>The next full round, or earlier what waits to be tried again.</summary>
    private (TimeSpan Wait, RoundReason Reason) Schedule()
    {
        var retry = new[] { zones.Next, outcomes.Next }.Min();
        return retry < options.SyncInterval ? (retry.Value, RoundReason.Retry) : (options.SyncInterval, RoundReason.Timer);
    }

    [LoggerMessage(EventName = "RoundEnded", Level = LogLevel.Debug, Message = "Round {Round}, woken by {Reason}: in sync is {InSync}")]
    private partial void LogRound(long round, RoundReason reason, bool inSync);

    [LoggerMessage(EventName = "RoundInterrupted", Level = LogLevel.Warning, Message = "The round woken by {Reason} was interrupted: this process is no longer the leader")]
    private partial void LogInterrupted(RoundReason reason);

    [LoggerMessage(EventName = "RoundBroken", Level = LogLevel.Error, Message = "The round woken by {Reason} broke; the next one takes place")]
    private partial void LogBroken(Exception exception, RoundReason reason);
}

/// <summary>How a round ended when it is to be repeated soon.</summary>
internal enum RoundOutcome
{
    /// <summary>There was no verdict to act upon.</summary>
    NotAgreed,

    /// <summary>It did not come to its end.</summary>
    Broken,
}
