namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// The rate limits for rounds, for all triggers. At most ten rounds in ten seconds. At most five rounds in any minute
/// poll the address sources, which belong to other companies. After repeated false alarms, a trigger waits ever longer,
/// up to the sync interval (e.g. two alternating WANs, or container interfaces that come and go). The first false
/// alarms cause no wait.
/// </summary>
internal sealed class RoundRateLimiter(LoopOptions options, TimeProvider time)
{
    /// <summary>The number of false alarms without an additional wait.</summary>
    private const int FreeFalseAlarms = 2;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(20);
    private readonly SlidingWindow _rounds = new(10, TimeSpan.FromSeconds(10), time);
    private readonly SlidingWindow _polls = new(5, TimeSpan.FromMinutes(1), time);

    /// <summary>A lower limit for requested rounds, so that triggers are still possible.</summary>
    private readonly SlidingWindow _requests = new(3, TimeSpan.FromMinutes(1), time);
    private readonly Dictionary<ReconcileReason, (int Count, long At)> _falseAlarms = [];

    /// <summary>Waits until one more round may start.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (_rounds.Wait is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        _rounds.Take();
    }

    /// <summary>The time until the sources may be polled for this reason.</summary>
    public TimeSpan UntilPollAllowed(ReconcileReason reason)
    {
        if (IsScheduled(reason))
            return TimeSpan.Zero;
        var (all, own) = (_polls.Wait, reason == ReconcileReason.Request ? _requests.Wait : FalseAlarmWait(reason));
        return all > own ? all : own;
    }

    /// <summary>Counts a poll of the sources for these reasons.</summary>
    public void CountPoll(IEnumerable<ReconcileReason> reasons)
    {
        _polls.Take();
        if (reasons.Contains(ReconcileReason.Request))
            _requests.Take();
    }

    /// <summary>Records the result of a poll for these reasons: whether an address changed.</summary>
    public void RecordPollResult(IEnumerable<ReconcileReason> reasons, bool foundChange)
    {
        if (foundChange)
            _falseAlarms.Clear();
        else
            foreach (var reason in reasons)
                RecordPollResult(reason);
    }

    private void RecordPollResult(ReconcileReason reason)
    {
        if (reason is ReconcileReason.Canary or ReconcileReason.Network or ReconcileReason.Peers)
            _falseAlarms[reason] = (Recent(reason) + 1, time.GetTimestamp());
    }

    /// <summary>Whether the reason has its own schedule, or occurs once.</summary>
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

    /// <summary>The number of recent false alarms; they expire after two sync intervals without one.</summary>
    private int Recent(ReconcileReason reason) =>
        _falseAlarms.TryGetValue(reason, out var alarms) && time.GetElapsedTime(alarms.At) < options.SyncInterval * 2
            ? alarms.Count
            : 0;
}
