using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// The next message of a channel, and what its result changes. Pure: the caller stores the ledger before it sends, and
/// again after it.
/// </summary>
/// <param name="channel">See <see cref="Channel"/>.</param>
/// <param name="events">See <see cref="Events"/>.</param>
/// <param name="isRepeat">See <see cref="IsRepeat"/>.</param>
/// <param name="dropped">See <see cref="Dropped"/>.</param>
internal sealed class Outgoing(string channel, QueuedEvent[] events, bool isRepeat, int dropped)
{
    /// <summary>The name of the channel.</summary>
    public string Channel => channel;

    /// <summary>The events of the message.</summary>
    public QueuedEvent[] Events => events;

    /// <summary>Whether an earlier attempt may have delivered it.</summary>
    public bool IsRepeat => isRepeat;

    /// <summary>The number of lost events that the message reports.</summary>
    public int Dropped => dropped;

    /// <summary>
    /// The message that a channel sends next; null when no event waits for it. A message that may have been delivered
    /// is repeated as it was. All others that wait become one message.
    /// </summary>
    public static Outgoing? Next(Ledger ledger, string channel)
    {
        var waiting = Array.FindAll(ledger.Queue, item => item.WaitsFor(channel));
        if (waiting.Length == 0)
            return null;
        var repeated = Array.FindAll(waiting, item => item.IsSending(channel));
        var isRepeat = repeated.Length > 0;
        return new(channel, isRepeat ? repeated : waiting, isRepeat, ledger.DroppedFor(channel));
    }

    /// <summary>When the message is due.</summary>
    public DateTimeOffset DueAt(Ledger ledger, TimeSpan burstWindow)
    {
        var gathered = isRepeat ? events[0].FoundAt : events[0].FoundAt + burstWindow;
        return ledger.FaultOf(channel) is { } fault && fault.NotBefore > gathered ? fault.NotBefore : gathered;
    }

    /// <summary>The ledger to store before the message is sent.</summary>
    public Ledger Begin(Ledger ledger) =>
        ledger with
        {
            Queue = Array.ConvertAll(ledger.Queue, item => IsPart(item) ? item.Begin(channel) : item),
        };

    /// <summary>The ledger to store after the message was sent.</summary>
    public Ledger Succeeded(Ledger ledger)
    {
        var after = Array.ConvertAll(ledger.Queue, item => IsPart(item) ? item.Sent(channel) : item);
        return ledger.Drop(channel, -dropped) with
        {
            Queue = Array.FindAll(after, item => item.Waiting.Length > 0),
            Faults = Array.FindAll(ledger.Faults, f => f.Channel != channel),
        };
    }

    /// <summary>
    /// The ledger to store after an attempt that failed. A message that may have been delivered stays as it is.
    /// </summary>
    public Ledger Failed(Ledger ledger, SendResult result, DateTimeOffset now, RetryRule rule)
    {
        var before = ledger.FaultOf(channel);
        var failures = (before?.Failures ?? 0) + 1;
        var fault = new ChannelFault(
            channel,
            before?.Since ?? now,
            failures,
            now + rule.After(failures, result.RetryAfter),
            result.Problem ?? ""
        );
        var isKept = isRepeat || result.MayHaveArrived;
        return ledger with
        {
            Queue = isKept
                ? ledger.Queue
                : Array.ConvertAll(ledger.Queue, item => IsPart(item) ? item.NotSent(channel) : item),
            Faults = [.. Array.FindAll(ledger.Faults, f => f.Channel != channel), fault],
        };
    }

    private bool IsPart(QueuedEvent item) => Array.Exists(events, e => e.Event.Id == item.Event.Id);
}
