using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Reconcile.Writing;

/// <summary>
/// Tracks writes without a response. A server, a proxy or the network may delay such a write and apply it after a later
/// write of any client. The sender cannot prevent this. Therefore the records are read again, at growing intervals,
/// until no write can arrive any more. A value that arrived late is a former value of ours, and is replaced.
/// </summary>
internal sealed class UnconfirmedWrites(StateStore state, TimeProvider time)
{
    /// <summary>
    /// The maximum delay of a write. TCP retransmits unacknowledged data for up to 924 s (<c>net.ipv4.tcp_retries2</c>
    /// = 15), and no known gateway holds a request longer. 16 min.
    /// </summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(16);

    /// <summary>
    /// The age of a write at the first read, and the minimum time between two reads. The age grows by half from one
    /// read to the next. So a late write is detected after at most half of its delay.
    /// </summary>
    private static readonly TimeSpan s_firstAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<RecordId, Watch> _watches = [];

    /// <summary>
    /// The time until the next read; null when none is due. Never less than <see cref="LoopOptions.MinBackoff"/>.
    /// </summary>
    public TimeSpan? Next
    {
        get
        {
            lock (_gate)
            {
                RecordState[] waiting = [.. state.Current.Records.Where(r => r.Unanswered is not null)];
                foreach (var id in _watches.Keys.Except(waiting.Select(r => r.Id)).ToArray())
                    _watches.Remove(id);
                TimeSpan[] waits = [.. waiting.Select(Of).Select(UntilRead).OfType<TimeSpan>()];
                if (waits.Length == 0)
                    return null;
                return waits.Min() is var next && next > LoopOptions.MinBackoff ? next : LoopOptions.MinBackoff;
            }
        }
    }

    /// <summary>Whether the record must be read again.</summary>
    public bool IsDue(RecordState record)
    {
        lock (_gate)
            return record.Unanswered is not null && Of(record) is var watch && Age(watch) >= watch.Due;
    }

    /// <summary>Records that the DNS provider returned the record.</summary>
    /// <returns>Whether no write of ours can arrive any more.</returns>
    public bool Read(RecordState record)
    {
        if (record.Unanswered is null)
            return true;
        lock (_gate)
        {
            var watch = Of(record);
            var age = Age(watch);
            watch.Due = NextReadAge(age);
            return age >= Longest;
        }
    }

    /// <summary>
    /// Uses the monotonic clock. The stored time is used only for the age of a write that an earlier process sent.
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

    /// <summary>
    /// The time until the next read. A read that became due while the loop was busy is due now, but only once: a record
    /// that cannot be read then is read at the following age. Null after the maximum delay.
    /// </summary>
    private TimeSpan? UntilRead(Watch watch)
    {
        var age = Age(watch);
        if (age >= Longest)
            return null;
        if (watch.Due > age)
            return watch.Due - age;
        if (watch.Overdue == watch.Due)
            return NextReadAge(age) - age;
        watch.Overdue = watch.Due;
        return TimeSpan.Zero;
    }

    /// <summary>The age at the next read; the last read is at the maximum delay.</summary>
    private static TimeSpan NextReadAge(TimeSpan age)
    {
        var next = s_firstAge;
        while (next <= age && next < Longest)
            next += next / 2 > s_firstAge ? next / 2 : s_firstAge;
        return next < Longest ? next : Longest;
    }

    private sealed record Watch(DateTimeOffset Sent, TimeSpan EarlierAge, long Since)
    {
        /// <summary>The age at which the record must be read next.</summary>
        public TimeSpan Due { get; set; } = s_firstAge;

        /// <summary>The age that was reported as overdue.</summary>
        public TimeSpan? Overdue { get; set; }
    }
}
