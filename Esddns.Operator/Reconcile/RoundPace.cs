namespace Esddns.Operator.Reconcile;

/// <summary>
/// The lower bounds between rounds, whatever wakes the loop. All rounds: ten in ten seconds. Those that ask the address
/// sources, which are other people's servers: five in any minute. Triggers that keep being false alarms (two WANs that
/// take turns, container interfaces that come and go) are answered ever later, up to the sync interval; the first is
/// answered at once.
/// </summary>
internal sealed class RoundPace(LoopOptions options, TimeProvider time)
{
    /// <summary>So many false alarms are answered without a further wait.</summary>
    private const int FreeFalseAlarms = 2;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(20);
    private readonly SlidingWindow _rounds = new(10, TimeSpan.FromSeconds(10), time);
    private readonly SlidingWindow _questions = new(5, TimeSpan.FromMinutes(1), time);

    /// <summary>What people ask for leaves room for what happens by itself.</summary>
    private readonly SlidingWindow _requests = new(3, TimeSpan.FromMinutes(1), time);
    private readonly Dictionary<ReconcileReason, (int Count, long At)> _falseAlarms = [];

    /// <summary>Waits until one more round may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (_rounds.Wait is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        _rounds.Take();
    }

    /// <summary>How long until sources may be asked for this reason.</summary>
    public TimeSpan UntilAsking(ReconcileReason reason)
    {
        if (IsScheduled(reason))
            return TimeSpan.Zero;
        var (all, own) = (_questions.Wait, reason == ReconcileReason.Request ? _requests.Wait : FalseAlarmWait(reason));
        return all > own ? all : own;
    }

    /// <summary>The sources are asked for these reasons.</summary>
    public void Ask(IEnumerable<ReconcileReason> reasons)
    {
        _questions.Take();
        if (reasons.Contains(ReconcileReason.Request))
            _requests.Take();
    }

    /// <summary>The sources were asked for these reasons, and an address changed by it, or none.</summary>
    public void Asked(IEnumerable<ReconcileReason> reasons, bool foundChange)
    {
        if (foundChange)
            _falseAlarms.Clear();
        else
            foreach (var reason in reasons)
                Asked(reason);
    }

    private void Asked(ReconcileReason reason)
    {
        if (reason is ReconcileReason.Canary or ReconcileReason.Network or ReconcileReason.Peers)
            _falseAlarms[reason] = (Recent(reason) + 1, time.GetTimestamp());
    }

    /// <summary>Rounds that come by a clock of their own, or once.</summary>
    private static bool IsScheduled(ReconcileReason reason) => reason is ReconcileReason.Timer or ReconcileReason.Start;

    private TimeSpan FalseAlarmWait(ReconcileReason reason)
    {
        var count = Recent(reason) - FreeFalseAlarms;
        if (count <= 0)
            return TimeSpan.Zero;
        var wait = s_firstWait * Math.Pow(2, Math.Min(count - 1, 16));
        if (wait > options.SyncInterval)
            wait = options.SyncInterval;
        var left = wait - time.GetElapsedTime(_falseAlarms[reason].At);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The recent false alarms: after two quiet intervals they are forgotten.</summary>
    private int Recent(ReconcileReason reason) =>
        _falseAlarms.TryGetValue(reason, out var alarms) && time.GetElapsedTime(alarms.At) < options.SyncInterval * 2
            ? alarms.Count
            : 0;
}
