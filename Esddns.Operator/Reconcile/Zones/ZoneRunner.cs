using System.Collections.Immutable;
using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Text;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>
/// Runs the zones of a round side by side. A slow zone outlives its round, so that it does not delay the others; its
/// records are not touched by other rounds until then, and its end triggers a round.
/// </summary>
internal sealed class ZoneRunner(
    ZoneSelection selection,
    ZoneReconciler reconciler,
    RecordStateReader stateReader,
    RecordStateUpdater updater,
    ZoneBackoff backoff,
    ILeadership leadership,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<ZoneRunner> logger
) : IAsyncDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly FaultLines<HostedZone> _lines = new(time);

    /// <summary>Replaced as a whole: the end of a round cancels the runs from another thread.</summary>
    private ImmutableList<ZoneRun> _running = [];

    /// <summary>The records on which the zones of earlier rounds still work.</summary>
    public IReadOnlySet<RecordId> BusyRecords()
    {
        var ended = _running.Where(r => r.Work.IsCompleted).ToArray();
        foreach (var run in ended)
            run.Dispose();
        _running = _running.RemoveRange(ended);
        return _running.SelectMany(r => r.Records).Select(r => r.Id).ToHashSet();
    }

    /// <summary>
    /// Updates the records to the addresses of this round. A fault becomes the status of the records, not an exception.
    /// </summary>
    /// <param name="assignment">The records by zone.</param>
    /// <param name="busy">The records that are still being worked on, from <see cref="BusyRecords"/>.</param>
    /// <param name="reason">The reason of the round.</param>
    /// <param name="waitsForAll">Whether slow zones are awaited, too.</param>
    /// <param name="cancellationToken">Ends the round and the work on all zones.</param>
    public async Task RunAsync(
        ZoneAssignment assignment,
        IReadOnlySet<RecordId> busy,
        ReconcileReason reason,
        bool waitsForAll,
        CancellationToken cancellationToken
    )
    {
        updater.RetainOnly(
            assignment.Unplaced.Select(u => u.Record.Id).Concat(assignment.Placed.Select(p => p.Id)).ToHashSet()
        );
        foreach (var (record, fault) in assignment.Unplaced.Where(u => !busy.Contains(u.Record.Id)))
            updater.Failed(record.Id, fault);
        ZoneRecord[] records = [.. assignment.Placed.Select(stateReader.WithEvidence)];
        var byId = records.ToDictionary(r => r.Id);
        foreach (var run in _running)
            run.Supersede(byId);
        var selected = selection.Select(records, busy, _running.Select(r => r.Zone).ToHashSet(), reason);

        await using var ended = cancellationToken.Register(() => _running.ForEach(r => r.Cancel()));
        ZoneRun[] started = [.. selected.Select(s => Start(s.Zone, s.Records, reason, cancellationToken))];
        await WaitAsync(Task.WhenAll(started.Select(r => r.Work)), waitsForAll, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var slow in started.Where(r => !r.Work.IsCompleted))
            trigger.RequestAfter(slow.Work, ReconcileReason.Retry);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await Task.WhenAll(_running.Select(r => r.Work));
        _running.ForEach(r => r.Dispose());
        _disposed.Dispose();
    }

    private ZoneRun Start(
        HostedZone zone,
        ZoneRecord[] records,
        ReconcileReason reason,
        CancellationToken cancellationToken
    )
    {
        var run = new ZoneRun(zone, records, leadership.LeadershipLost, _disposed.Token);
        _running = _running.Add(run);
        if (cancellationToken.IsCancellationRequested)
            run.Cancel();
        run.Work = WorkAsync(run, reason);
        return run;
    }

    private async Task WorkAsync(ZoneRun run, ReconcileReason reason)
    {
        try
        {
            await reconciler.ReconcileAsync(run, reason);
            _lines.Ended(run.Zone);
        }
        catch (OperationCanceledException) when (run.Ended.IsCancellationRequested)
        {
            // The next round continues with the state of the records.
        }
#pragma warning disable CA1031 // Any exception concerns this zone only: the other zones must not wait for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var message = UntrustedText.Clean(e.Message);
            var fault = new ProviderFault(FaultKind.Transient, "internal", message, Unconfirmed: true);
            fault = backoff.Failed(run.Zone, fault);
            if (_lines.IsDue(run.Zone, e.GetType().Name))
                logger.ZoneFailed(e, run.Zone.Zone, reason);
            updater.Failed(run.Zone, run.Records, fault);
        }
    }

    /// <summary>
    /// Waits for the work. After <see cref="LoopOptions.MinZoneWait"/>, any trigger ends the wait, and
    /// <see cref="LoopOptions.MaxZoneWait"/> always does.
    /// </summary>
    private async Task WaitAsync(Task work, bool waitsForAll, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var longest = waitsForAll ? Timeout.InfiniteTimeSpan : LoopOptions.MaxZoneWait;
        var end = Task.Delay(longest, time, over.Token);
        if (!waitsForAll)
        {
            await Task.WhenAny(work, Task.Delay(LoopOptions.MinZoneWait, time, over.Token));
            end = Task.WhenAny(end, trigger.Requested);
        }

        await Task.WhenAny(work, end);
        await over.CancelAsync();
        if (cancellationToken.IsCancellationRequested)
            await work;
    }
}
