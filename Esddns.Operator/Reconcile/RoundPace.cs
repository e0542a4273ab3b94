namespace Esddns.Operator.Reconcile;

/// <summary>
/// The lower bounds between rounds, whatever wakes the loop. All rounds: a short burst, then one a second. Those that ask the address
/// sources, which are other people's servers: two at once, at most five in any minute. Triggers that keep being false alarms (two WANs that
/// take turns, container interfaces that come and go) are answered ever later, up to the sync interval; the first is answered at once.
/// </summary>
internal sealed class RoundPace(LoopOptions options, TimeProvider time)
{
    /// <summary>So many false alarms are answered without a further wait.</summary>
    private const int FreeFalseAlarms = 2;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(20);
    private readonly TokenBucket _rounds = new(10, TimeSpan.FromSeconds(1), time);
    private readonly TokenBucket _questions = new(2, TimeSpan.FromSeconds(20), time);
    private readonly Dictionary<RoundReason, (int Count, long At)> _falseAlarms = [];

    /// <summary>Waits until one more round may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!_rounds.TryTake()) await Task.Delay(_rounds.Wait, time, cancellationToken);
    }

    /// <summary>How long until sources may be asked for this reason.</summary>
    public TimeSpan UntilAsking(RoundReason reason)
    {
        if (IsScheduled(reason)) return TimeSpan.Zero;
        var (bucket, alarm) = (_questions.Wait, FalseAlarmWait(reason));
        return bucket > alarm ? bucket : alarm;
    }

    /// <summary>Whether sources may be asked now, for this reason; if so, it counts.</summary>
    public bool TryAsk(RoundReason reason)
    {
        if (UntilAsking(reason) > TimeSpan.Zero) return false;
        _questions.TryTake();
        return true;
    }

    /// <summary>Sources were asked for this reason, and an address changed by it, or none.</summary>
    public void Asked(RoundReason reason, bool foundChange)
    {
        if (foundChange) _falseAlarms.Clear();
        else if (reason is RoundReason.Canary or RoundReason.Network)
            _falseAlarms[reason] = (Recent(reason) + 1, time.GetTimestamp());
    }

    /// <summary>Rounds that come by a clock of their own, or once.</summary>
    private static bool IsScheduled(RoundReason reason) => reason is RoundReason.Timer or RoundReason.Start;

    private TimeSpan FalseAlarmWait(RoundReason reason)
    {
        var count = Recent(reason) - FreeFalseAlarms;
        if (count <= 0) return TimeSpan.Zero;
        var wait = s_firstWait * Math.Pow(2, Math.Min(count - 1, 16));
        if (wait > options.SyncInterval) wait = options.SyncInterval;
        var left = wait - time.GetElapsedTime(_falseAlarms[reason].At);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The false alarms of late: after two quiet intervals they are forgotten.</summary>
    private int Recent(RoundReason reason) =>
        _falseAlarms.TryGetValue(reason, out var alarms) && time.GetElapsedTime(alarms.At) < options.SyncInterval * 2 ? alarms.Count : 0;
}
