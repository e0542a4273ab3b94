using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// Triggers rounds. A trigger carries no data, because each round recomputes everything. All triggers during a round
/// together cause one more round.
/// </summary>
internal sealed class ReconcileTrigger(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ReconcileReason> _reasons = [];
    private TaskCompletionSource _signal = NewSignal();
    private TaskCompletionSource<Snapshot>? _requested;

    /// <summary>Completes when a round is requested, or at once when one already is.</summary>
    public Task Requested
    {
        get
        {
            lock (_gate)
                return _signal.Task;
        }
    }

    /// <summary>Requests a round.</summary>
    public void Request(ReconcileReason reason)
    {
        lock (_gate)
        {
            _reasons.Add(reason);
            _signal.TrySetResult();
        }
    }

    /// <summary>Requests a round when <paramref name="work"/> has ended or failed, not when it was cancelled.</summary>
    public void RequestAfter(Task work, ReconcileReason reason) =>
        _ = work.ContinueWith(
            _ => Request(reason),
            CancellationToken.None,
            TaskContinuationOptions.NotOnCanceled,
            TaskScheduler.Default
        );

    /// <summary>Requests a round that begins after this call, and returns the state at its end.</summary>
    public Task<Snapshot> RequestAsync(CancellationToken cancellationToken)
    {
        Task<Snapshot> done;
        lock (_gate)
            done = (_requested ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Request(ReconcileReason.Request);
        return done.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Waits for a trigger, or for <paramref name="atMost"/>; <paramref name="fallback"/> is the reason when that time
    /// is over.
    /// </summary>
    public async Task<RequestedRound> NextAsync(
        TimeSpan atMost,
        ReconcileReason fallback,
        CancellationToken cancellationToken
    )
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task signal;
        lock (_gate)
            signal = _signal.Task;
        var over = Task.Delay(atMost, time, woken.Token);
        var isOver = await Task.WhenAny(signal, over) == over || over.IsCompletedSuccessfully;
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (isOver || _reasons.Count == 0)
                _reasons.Add(fallback);
            var round = new RequestedRound([.. _reasons], _requested);
            _reasons.Clear();
            (_signal, _requested) = (NewSignal(), null);
            return round;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A round that is about to start.</summary>
    /// <param name="Reasons">The reasons, the most urgent last.</param>
    /// <param name="Requested">The pending request for a round that polls the address sources; null when there is
    /// none.</param>
    internal sealed record RequestedRound(
        IReadOnlyList<ReconcileReason> Reasons,
        TaskCompletionSource<Snapshot>? Requested
    );
}
