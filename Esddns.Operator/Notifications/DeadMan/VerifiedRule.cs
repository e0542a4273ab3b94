using Esddns.Operator.State;

namespace Esddns.Operator.Notifications.DeadMan;

/// <summary>Whether every record is verified at the zone's name servers, by fresh evidence. Pure.</summary>
internal static class VerifiedRule
{
    /// <summary>
    /// Whether every record is served by all name servers as desired, or is skipped, and the last round and the last
    /// answers are recent. At least one record must be served.
    /// </summary>
    public static bool IsVerified(Snapshot snapshot, NotificationOptions options, DateTimeOffset now)
    {
        if (snapshot.Stale is not null || (now - snapshot.At).Duration() > options.RoundAge)
            return false;
        var served = 0;
        foreach (var record in snapshot.Records)
        {
            if (record.State == SyncStatus.Skipped)
                continue;
            if (!IsServed(record, options, now))
                return false;
            served++;
        }

        return served > 0;
    }

    private static bool IsServed(RecordState record, NotificationOptions options, DateTimeOffset now) =>
        record is { State: SyncStatus.UpToDate, Current: { } current, Propagation: { IsDone: true } seen }
        && seen.Expected.Equals(current)
        && (now - seen.At).Duration() <= options.AnswerAge;
}
