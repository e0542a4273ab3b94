using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>Why a round takes place.</summary>
/// <remarks>
/// In the order of urgency: of several, the last one is the round's. The provider is always read for those from
/// <see cref="Start"/> on, and must be, whatever else happens at the same time.
/// </remarks>
internal enum ReconcileReason
{
    /// <summary>The interval is over.</summary>
    Timer,

    /// <summary>The provider failed, and its wait is over.</summary>
    Retry,

    /// <summary>A write of ours that was never answered may have arrived.</summary>
    LateWrite,

    /// <summary>No address was agreed on, or the round failed, and its wait is over.</summary>
    Recheck,

    /// <summary>An object of the cluster changed.</summary>
    Cluster,

    /// <summary>Another node reported another address than before.</summary>
    Peers,

    /// <summary>The canary saw something new.</summary>
    Canary,

    /// <summary>The host's own addresses changed.</summary>
    Network,

    /// <summary>The process has started.</summary>
    Start,

    /// <summary>The zone's name servers answer with something else than we know.</summary>
    Drift,

    /// <summary>This process became the leader.</summary>
    Elected,

    /// <summary>The credentials changed.</summary>
    Credentials,

    /// <summary>A person or program asked.</summary>
    Request,
}

/// <summary>What a reason asks for.</summary>
internal static class ReconcileReasonExtensions
{
    /// <summary>Whether the address sources are to be asked; if not, what they said last is enough.</summary>
    public static bool AsksSources(this ReconcileReason reason) =>
        reason
            is not (
                ReconcileReason.Retry
                or ReconcileReason.LateWrite
                or ReconcileReason.Cluster
                or ReconcileReason.Drift
                or ReconcileReason.Credentials
            );

    /// <summary>Whether somebody has acted, so that what failed is tried again at once.</summary>
    public static bool IsByPerson(this ReconcileReason reason) =>
        reason is ReconcileReason.Request or ReconcileReason.Credentials;
}

/// <summary>
/// What wakes the loop. Wake-ups carry no work: the loop recomputes everything, so that any number of them while a
/// round runs makes one more round.
/// </summary>
internal sealed class ReconcileTrigger(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ReconcileReason> _reasons = [];
    private TaskCompletionSource _signal = NewSignal();
    private TaskCompletionSource<Snapshot>? _requested;

    /// <summary>Wakes the loop.</summary>
    public void Request(ReconcileReason reason)
    {
        lock (_gate)
        {
            _reasons.Add(reason);
            _signal.TrySetResult();
        }
    }

    /// <summary>Wakes the loop, and answers with the outcome of a round that began after this call.</summary>
    public Task<Snapshot> RequestAsync(CancellationToken cancellationToken)
    {
        Task<Snapshot> done;
        lock (_gate)
            done = (_requested ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Request(ReconcileReason.Request);
        return done.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until something wakes the loop, or for <paramref name="atMost"/>.</summary>
    public async Task<RequestedRound> NextAsync(
        TimeSpan atMost,
        ReconcileReason otherwise,
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
                _reasons.Add(otherwise);
            var round = new RequestedRound([.. _reasons], _requested);
            _reasons.Clear();
            (_signal, _requested) = (NewSignal(), null);
            return round;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A round that is about to begin.</summary>
    /// <param name="Reasons">Why, the most urgent last.</param>
    /// <param name="Requested">Who waits for the end of a round that asks the address sources.</param>
    internal sealed record RequestedRound(
        IReadOnlyList<ReconcileReason> Reasons,
        TaskCompletionSource<Snapshot>? Requested
    );
}
