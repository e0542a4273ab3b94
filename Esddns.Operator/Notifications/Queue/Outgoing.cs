using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// Decides which messages are due, and what their results change. Pure: the caller stores the ledger before it sends,
/// and again after it.
/// </summary>
/// <param name="Channel">The name of the channel.</param>
/// <param name="Events">The events of the message.</param>
/// <param name="IsRepeat">Whether an earlier attempt may have delivered it.</param>
internal sealed record Outgoing(string Channel, IReadOnlyList<QueuedEvent> Events, bool IsRepeat)
{
    /// <summary>
    /// The message that a channel sends next; null when no event waits for it. A message that may have been delivered
    /// is repeated as it was. All others that wait become one message.
    /// </summary>
    public static Outgoing? Next(Ledger ledger, string channel)
    {
        var (repeated, waiting) = (new List<QueuedEvent>(), new List<QueuedEvent>());
        foreach (var item in ledger.Queue)
        {
            if (!item.Waiting.Contains(channel))
                continue;
            (item.Sending.Contains(channel) ? repeated : waiting).Add(item);
        }

        if (repeated.Count > 0)
            return new Outgoing(channel, repeated, IsRepeat: true);
        return waiting.Count > 0 ? new Outgoing(channel, waiting, IsRepeat: false) : null;
    }

    /// <summary>When the message is due.</summary>
    public DateTimeOffset DueAt(Ledger ledger, TimeSpan burstWindow)
    {
        var gathered = IsRepeat ? Events[0].FoundAt : Events[0].FoundAt + burstWindow;
        return ledger.FaultOf(Channel) is { } fault && fault.NotBefore > gathered ? fault.NotBefore : gathered;
    }

    /// <summary>The ledger to store before the message is sent.</summary>
    public Ledger Begin(Ledger ledger) =>
        WithEvents(ledger, item => item.Sending.Contains(Channel) ? item : item with { Sending = [.. item.Sending, Channel] });

    /// <summary>The ledger to store after the message was sent.</summary>
    public Ledger Succeeded(Ledger ledger)
    {
        var after = WithEvents(
            ledger,
            item => item with { Waiting = Without(item.Waiting), Sending = Without(item.Sending) }
        );
        return after with
        {
            Queue = [.. after.Queue.Where(item => item.Waiting.Length > 0)],
            Faults = [.. after.Faults.Where(f => f.Channel != Channel)],
            Dropped = 0,
        };
    }

    /// <summary>
    /// The ledger to store after an attempt that failed. A message that may have been delivered stays as it is.
    /// </summary>
    public Ledger Failed(Ledger ledger, SendResult result, DateTimeOffset now, RetryRule rule)
    {
        var before = ledger.FaultOf(Channel);
        var failures = (before?.Failures ?? 0) + 1;
        var fault = new ChannelFault(
            Channel,
            before?.Since ?? now,
            failures,
            now + rule.After(failures, result.RetryAfter),
            result.Problem ?? ""
        );
        var after =
            IsRepeat || result.MayHaveArrived
                ? ledger
                : WithEvents(ledger, item => item with { Sending = Without(item.Sending) });
        return after with { Faults = [.. after.Faults.Where(f => f.Channel != Channel), fault] };
    }

    private string[] Without(string[] channels) => [.. channels.Where(c => c != Channel)];

    private Ledger WithEvents(Ledger ledger, Func<QueuedEvent, QueuedEvent> change) =>
        ledger with
        {
            Queue = [.. ledger.Queue.Select(item => Events.Any(e => e.Event.Id == item.Event.Id) ? change(item) : item)],
        };
}
