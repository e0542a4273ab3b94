using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>The reason for a round.</summary>
/// <remarks>
/// In ascending order of urgency: of several reasons, the most urgent is the reason of the round. For
/// <see cref="Start"/> and above, the DNS provider is always read, and must be, even when other reasons occur at the
/// same time.
/// </remarks>
internal enum ReconcileReason
{
    /// <summary>The sync interval has passed.</summary>
    Timer,

    /// <summary>The DNS provider failed, and the wait for a retry is over.</summary>
    Retry,

    /// <summary>A write without a response may have arrived.</summary>
    LateWrite,

    /// <summary>There was no agreement or the round failed, and the wait for a retry is over.</summary>
    Recheck,

    /// <summary>An object in the cluster changed.</summary>
    Cluster,

    /// <summary>Another node reported a new address.</summary>
    Peers,

    /// <summary>The canary observed a new address.</summary>
    Canary,

    /// <summary>The addresses of the host changed.</summary>
    Network,

    /// <summary>The process started.</summary>
    Start,

    /// <summary>The authoritative name servers return other values than expected.</summary>
    Drift,

    /// <summary>This process became the leader.</summary>
    Elected,

    /// <summary>The credentials changed.</summary>
    Credentials,

    /// <summary>A person or program requested a round.</summary>
    Request,
}

/// <summary>Properties of a reason.</summary>
internal static class ReconcileReasonExtensions
{
    /// <summary>Whether the address sources are polled; if not, the round uses the last observations.</summary>
    public static bool AsksSources(this ReconcileReason reason) =>
        reason
            is not (
                ReconcileReason.Retry
                or ReconcileReason.LateWrite
                or ReconcileReason.Cluster
                or ReconcileReason.Drift
                or ReconcileReason.Credentials
            );

    /// <summary>Whether a person caused the round, so that failed operations are retried at once.</summary>
    public static bool IsByPerson(this ReconcileReason reason) =>
        reason is ReconcileReason.Request or ReconcileReason.Credentials;
}

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

    /// <summary>Requests a round.</summary>
    public void Request(ReconcileReason reason)
    {
        lock (_gate)
        {
            _reasons.Add(reason);
            _signal.TrySetResult();
        }
    }

    /// <summary>Requests a round that begins after this call, and returns the state at its end.</summary>
    public Task<Snapshot> RequestAsync(CancellationToken cancellationToken)
    {
        Task<Snapshot> done;
        lock (_gate)
            done = (_requested ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Request(ReconcileReason.Request);
        return done.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for a trigger, or for <paramref name="atMost"/>.</summary>
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

    /// <summary>A round that is about to start.</summary>
    /// <param name="Reasons">The reasons, the most urgent last.</param>
    /// <param name="Requested">The pending request for a round that polls the address sources; null when there is
    /// none.</param>
    internal sealed record RequestedRound(
        IReadOnlyList<ReconcileReason> Reasons,
        TaskCompletionSource<Snapshot>? Requested
    );
}
