using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Retries;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>Decides when the next round is due without a trigger, and which rounds poll the address sources.</summary>
internal sealed class RoundSchedule(
    LoopOptions options,
    RoundRateLimiter rateLimiter,
    LocalObservations local,
    LeaderRetries retries,
    TimeProvider time,
    Random random
)
{
    private readonly RepeatedWait _unknownAddress = new(options, time, random);
    private readonly RepeatedWait _failedRound = new(options, time, random);
    private long _polledAt = time.GetTimestamp();
    private ReconcileReason[] _deferred = [];
    private ReconcileReason[] _polledFor = [];
    private string? _addressesBefore;

    /// <summary>Waits until one more round may start.</summary>
    public Task WaitForRateLimitAsync(CancellationToken cancellationToken) => rateLimiter.WaitAsync(cancellationToken);

    /// <summary>Starts a round for these reasons.</summary>
    /// <returns>The reason of the round, and whether the address sources are polled. A reason to poll them that exceeds
    /// the rate limit is deferred. Null when nothing is left to do until then.</returns>
    public (ReconcileReason Reason, bool AsksSources)? Begin(IEnumerable<ReconcileReason> reasons)
    {
        ReconcileReason[] all = [.. reasons.Concat(_deferred).Distinct().Order()];
        ReconcileReason[] asking = [.. all.Where(r => r.AsksSources())];
        if (asking.Any(r => rateLimiter.UntilPollAllowed(r) == TimeSpan.Zero))
        {
            rateLimiter.CountPoll(asking);
            _deferred = [];
            (_polledFor, _polledAt, _addressesBefore) = (asking, time.GetTimestamp(), Addresses());
            return (all[^1], true);
        }

        (_deferred, _polledFor) = (asking, []);
        return all.Except(asking).ToArray() is [.., var planned] ? (planned, false) : null;
    }

    /// <summary>Records that the round succeeded.</summary>
    public void Ended()
    {
        _failedRound.Succeeded();
        RecordPollResult();
    }

    /// <summary>Records that the round failed.</summary>
    /// <returns>The time until the next round.</returns>
    public TimeSpan Failed() => _failedRound.Failed();

    /// <summary>
    /// When the address sources are polled next, unless a trigger comes before. Called within a round, after its poll.
    /// </summary>
    public DateTimeOffset NextPoll()
    {
        RecordPollResult();
        return time.GetUtcNow() + PollsDue().MinBy(d => d.Wait).Wait;
    }

    /// <summary>The time until the next round, and its reason.</summary>
    public (TimeSpan Wait, ReconcileReason Reason) Next()
    {
        if (_failedRound.Left is { } failed)
            return (failed, ReconcileReason.Recheck);
        var due = PollsDue();
        due.AddRange(retries.Due());
        return due.MinBy(d => d.Wait);
    }

    /// <summary>Records the result of the poll of this round, once.</summary>
    private void RecordPollResult()
    {
        if (_polledFor.Length == 0)
            return;
        rateLimiter.RecordPollResult(_polledFor, foundChange: Addresses() != _addressesBefore);
        if (local.Wan.All(w => w.IsKnown))
            _unknownAddress.Succeeded();
        else
            _unknownAddress.Failed();
        _polledFor = [];
    }

    /// <summary>The time until each planned poll of the address sources, and its reason.</summary>
    private List<(TimeSpan Wait, ReconcileReason Reason)> PollsDue()
    {
        var sync = options.SyncInterval - time.GetElapsedTime(_polledAt);
        List<(TimeSpan Wait, ReconcileReason Reason)> due =
        [
            (sync > TimeSpan.Zero ? sync : TimeSpan.Zero, ReconcileReason.Timer),
        ];
        if (_unknownAddress.Left is { } unknown && !_deferred.Contains(ReconcileReason.Recheck))
            due.Add((unknown, ReconcileReason.Recheck));
        due.AddRange(_deferred.Select(deferred => (rateLimiter.UntilPollAllowed(deferred), deferred)));
        return due;
    }

    private string Addresses() => string.Join(',', local.Wan.Select(w => w.Address));

    /// <summary>A wait that grows with each failure, up to the sync interval.</summary>
    private sealed class RepeatedWait(LoopOptions options, TimeProvider time, Random random)
    {
        private int _failures;
        private long _since;
        private TimeSpan _wait;

        /// <summary>The remaining wait; null after a success.</summary>
        public TimeSpan? Left
        {
            get
            {
                if (_failures == 0)
                    return null;
                var left = _wait - time.GetElapsedTime(_since);
                return left > LoopOptions.MinBackoff ? left : LoopOptions.MinBackoff;
            }
        }

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
