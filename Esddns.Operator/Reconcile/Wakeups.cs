using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>Why a round takes place.</summary>
/// <remarks>
/// In the order of urgency: of several, the last one is the round's. The provider is always read for those from <see cref="Start"/> on, and
/// must be, whatever else happens at the same time.
/// </remarks>
internal enum RoundReason
{
    /// <summary>The interval is over.</summary>
    Timer,

    /// <summary>Something failed or was not agreed, and its wait is over.</summary>
    Retry,

    /// <summary>An object of the cluster changed.</summary>
    Cluster,

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

    /// <summary>A person or program asked.</summary>
    Request,
}

/// <summary>
/// What wakes the loop. Wake-ups carry no work: the loop recomputes everything, so that any number of them while a round runs
/// makes one more round.
/// </summary>
internal sealed class Wakeups(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _signal = NewSignal();
    private TaskCompletionSource<Snapshot>? _requested;
    private RoundReason? _reason;

    /// <summary>Wakes the loop.</summary>
    public void Wake(RoundReason reason)
    {
        lock (_gate)
        {
            if (_reason is null || reason > _reason) _reason = reason;
            _signal.TrySetResult();
        }
    }

    /// <summary>Wakes the loop, and answers with the outcome of a round that began after this call.</summary>
    public Task<Snapshot> RequestAsync(CancellationToken cancellationToken)
    {
        Task<Snapshot> done;
        lock (_gate) done = (_requested ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Wake(RoundReason.Request);
        return done.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until something wakes the loop, or for <paramref name="atMost"/>.</summary>
    public async Task<Round> NextAsync(TimeSpan atMost, RoundReason otherwise, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task signal;
        lock (_gate) signal = _signal.Task;
        await Task.WhenAny(signal, Task.Delay(atMost, time, woken.Token));
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var round = new Round(_reason > otherwise ? _reason.Value : otherwise, _requested);
            (_signal, _reason, _requested) = (NewSignal(), null, null);
            return round;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A round that is about to begin, and who waits for its end.</summary>
    internal sealed record Round(RoundReason Reason, TaskCompletionSource<Snapshot>? Requested);
}
