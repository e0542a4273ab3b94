using Esddns.Operator.Dns;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile;

/// <summary>
/// Writes that were sent and never answered. A server, a proxy or the network may hold one and let it take effect after
/// a later write, whoever sent that; nothing that a sender does can stop it. So their records are read again and again,
/// ever more rarely, until none can arrive any more. What has arrived is a former value of ours, and is replaced.
/// </summary>
internal sealed class UnconfirmedWrites(StateStore state, TimeProvider time)
{
    /// <summary>
    /// So long after it was sent a write may still take effect: TCP repeats for as long what is not acknowledged
    /// (924 s, with <c>net.ipv4.tcp_retries2</c> at 15), and no gateway is known to hold a request longer.
    /// </summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(16);

    /// <summary>
    /// The age of a write at the first look, and the least time between two. At each look it is half as old again as at
    /// the one before: what arrives late is seen after half the time for which it was held.
    /// </summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<RecordId, Watch> _watches = [];

    /// <summary>How long until the next look; null when none is to come. Never less than the floor of waits.</summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_gate)
            {
                RecordState[] waiting = [.. state.Current.Records.Where(r => r.Unanswered is not null)];
                foreach (var id in _watches.Keys.Except(waiting.Select(r => r.Id)).ToArray())
                    _watches.Remove(id);
                TimeSpan[] waits = [.. waiting.Select(Of).Select(UntilLook).Where(w => w > TimeSpan.Zero)];
                if (waits.Length == 0)
                    return null;
                return waits.Min() is var next && next > LoopOptions.MinBackoff ? next : LoopOptions.MinBackoff;
            }
        }
    }

    /// <summary>Whether the time of a look has come since the record was last read.</summary>
    public bool IsDue(RecordState record)
    {
        lock (_gate)
            return record.Unanswered is not null && Of(record) is var watch && Age(watch) >= watch.Due;
    }

    /// <summary>The provider has just told what the record holds.</summary>
    /// <returns>Whether no write of ours can arrive at it any more.</returns>
    public bool Read(RecordState record)
    {
        if (record.Unanswered is null)
            return true;
        lock (_gate)
        {
            var watch = Of(record);
            var age = Age(watch);
            watch.Due = NextLook(age);
            return age >= Longest;
        }
    }

    /// <summary>
    /// Time is measured by the clock that never jumps. What the state has tells only how old a write was already that
    /// an earlier process sent.
    /// </summary>
    private Watch Of(RecordState record)
    {
        var sent = record.Unanswered!.Value;
        if (_watches.TryGetValue(record.Id, out var known) && known.Sent == sent)
            return known;
        var earlier = time.GetUtcNow() - sent;
        return _watches[record.Id] = new Watch(
            sent,
            earlier > TimeSpan.Zero ? earlier : TimeSpan.Zero,
            time.GetTimestamp()
        );
    }

    private TimeSpan Age(Watch watch) => watch.EarlierAge + time.GetElapsedTime(watch.Since);

    private TimeSpan UntilLook(Watch watch) => Age(watch) is var age ? NextLook(age) - age : default;

    /// <summary>The age of the next look; the last one is at the end.</summary>
    private static TimeSpan NextLook(TimeSpan age)
    {
        var next = s_first;
        while (next <= age && next < Longest)
            next += next / 2 > s_first ? next / 2 : s_first;
        return next < Longest ? next : Longest;
    }

    private sealed record Watch(DateTimeOffset Sent, TimeSpan EarlierAge, long Since)
    {
        /// <summary>The age at which the record is to be read next.</summary>
        public TimeSpan Due { get; set; } = s_first;
    }
}
