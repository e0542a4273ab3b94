using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// When the next round is due without anything waking the loop, and which rounds ask the address sources.
/// </summary>
internal sealed class RoundSchedule(
    LoopOptions options,
    RoundPace pace,
    ILeadership leadership,
    LocalObservations local,
    Backoff<HostedZone> zones,
    Backoff<ZoneFinder> zoneList,
    UnconfirmedWrites unconfirmed,
    TimeProvider time,
    Random random
)
{
    private readonly RepeatedWait _unknown = new(options, time, random);
    private readonly RepeatedWait _failed = new(options, time, random);
    private long _askedAt = time.GetTimestamp();
    private ReconcileReason[] _owed = [];
    private ReconcileReason[] _askedFor = [];
    private string? _before;

    /// <summary>Waits until one more round may begin.</summary>
    public Task WaitForPaceAsync(CancellationToken cancellationToken) => pace.WaitAsync(cancellationToken);

    /// <summary>A round is to begin for these reasons.</summary>
    /// <returns>
    /// The reason that counts, and whether the address sources are asked. A reason to ask them that has to wait is owed
    /// until the pace allows it; null when nothing is left to do before that.
    /// </returns>
    public (ReconcileReason Reason, bool AsksSources)? Begin(IEnumerable<ReconcileReason> reasons)
    {
        ReconcileReason[] all = [.. reasons.Concat(_owed).Distinct().Order()];
        ReconcileReason[] asking = [.. all.Where(r => r.AsksSources())];
        if (asking.Any(r => pace.UntilAsking(r) == TimeSpan.Zero))
        {
            pace.Ask(asking);
            _owed = [];
            (_askedFor, _askedAt, _before) = (asking, time.GetTimestamp(), Addresses());
            return (all[^1], true);
        }

        (_owed, _askedFor) = (asking, []);
        return all.Except(asking).ToArray() is [.., var planned] ? (planned, false) : null;
    }

    /// <summary>The round came to its end.</summary>
    public void Ended()
    {
        _failed.Succeeded();
        if (_askedFor.Length == 0)
            return;
        pace.Asked(_askedFor, foundChange: Addresses() != _before);
        if (local.Wan.All(w => w.IsKnown))
            _unknown.Succeeded();
        else
            _unknown.Failed();
    }

    /// <summary>The round did not come to its end.</summary>
    /// <returns>How long until the next one.</returns>
    public TimeSpan Failed() => _failed.Failed();

    /// <summary>When the next round is due, and why.</summary>
    public (TimeSpan Wait, ReconcileReason Reason) Next()
    {
        if (_failed.Left is { } failed)
            return (failed, ReconcileReason.Recheck);
        var sync = options.SyncInterval - time.GetElapsedTime(_askedAt);
        List<(TimeSpan Wait, ReconcileReason Reason)> due =
        [
            (sync > TimeSpan.Zero ? sync : TimeSpan.Zero, ReconcileReason.Timer),
        ];
        if (_unknown.Left is { } unknown && !_owed.Contains(ReconcileReason.Recheck))
            due.Add((unknown, ReconcileReason.Recheck));
        due.AddRange(_owed.Select(owed => (pace.UntilAsking(owed), owed)));
        if (leadership.IsLeader && zones.Next is { } zone)
            due.Add((zone, ReconcileReason.Retry));
        if (leadership.IsLeader && zoneList.Next is { } list)
            due.Add((list, ReconcileReason.Retry));
        if (leadership.IsLeader && unconfirmed.Next is { } look)
            due.Add((look, ReconcileReason.LateWrite));
        return due.MinBy(d => d.Wait);
    }

    private string Addresses() => string.Join(',', local.Wan.Select(w => w.Address));

    /// <summary>A wait that grows from one failure to the next, up to the sync interval.</summary>
    private sealed class RepeatedWait(LoopOptions options, TimeProvider time, Random random)
    {
        private int _failures;
        private long _since;
        private TimeSpan _wait;

        /// <summary>How long it still lasts; null when the last attempt succeeded.</summary>
        public TimeSpan? Left =>
            _failures == 0 ? null
            : _wait - time.GetElapsedTime(_since) is var left && left > LoopOptions.MinBackoff ? left
            : LoopOptions.MinBackoff;

        public TimeSpan Failed()
        {
            var end = LoopOptions.FirstBackoff * Math.Pow(2, Math.Min(_failures++, 16));
            if (end > options.SyncInterval)
                end = options.SyncInterval;
            _since = time.GetTimestamp();
            return _wait = end * (0.5 + random.NextDouble() / 2);
        }

        public void Succeeded() => _failures = 0;
    }
}
