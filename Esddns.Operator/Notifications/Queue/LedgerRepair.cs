using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// Removes from a ledger what does not apply any more: channels that are not configured, and times in the future. A
/// clock that was wrong and is corrected leaves such times, and events would not be told until then.
/// </summary>
internal static class LedgerRepair
{
    /// <summary>The ledger without them; the same ledger when there are none.</summary>
    public static Ledger Apply(Ledger ledger, IChannel[] channels, DateTimeOffset now)
    {
        bool IsUnknown(string name) => !Array.Exists(channels, c => c.Name == name);
        if (
            Array.Exists(ledger.Queue, q => Array.Exists(q.Waiting, IsUnknown))
            || Array.Exists(ledger.Faults, f => IsUnknown(f.Channel))
            || Array.Exists(ledger.Dropped, d => IsUnknown(d.Channel))
        )
            ledger = ledger with
            {
                Queue = Array.FindAll(
                    Array.ConvertAll(ledger.Queue, q => q.Without(IsUnknown)),
                    q => q.Waiting.Length > 0
                ),
                Faults = Array.FindAll(ledger.Faults, f => !IsUnknown(f.Channel)),
                Dropped = Array.FindAll(ledger.Dropped, d => !IsUnknown(d.Channel)),
            };
        var latest = now + RetryRule.MaxRetryAfter;
        if (Array.Exists(ledger.Faults, f => f.Since > now || f.NotBefore > latest))
            ledger = ledger with { Faults = Array.ConvertAll(ledger.Faults, f => f.NotAfter(now, latest)) };
        if (Array.Exists(ledger.Queue, q => q.FoundAt > now))
            ledger = ledger with { Queue = Array.ConvertAll(ledger.Queue, q => q.NotAfter(now)) };
        var seen = ledger.Seen;
        return seen.Floor > now || Array.Exists(seen.Entries, e => e.At > now)
            ? ledger with
            {
                Seen = seen.NotAfter(now),
            }
            : ledger;
    }
}
