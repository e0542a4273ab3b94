using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>Sends the messages that are due, to all channels at the same time.</summary>
internal sealed class Delivery(
    NotificationOptions options,
    IChannel[] channels,
    RetryRule retry,
    NotificationMetrics metrics,
    TimeProvider time,
    ILogger<Delivery> logger
)
{
    /// <summary>The messages that are due now, at most one of each channel.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="wait">The wait until the next message is due; at most the given one.</param>
    public Outgoing[] Due(Ledger ledger, ref TimeSpan wait)
    {
        metrics.Queued(ledger.Queue.Length);
        var due = new List<Outgoing>();
        foreach (var channel in channels)
        {
            if (Outgoing.Next(ledger, channel.Name) is not { } next)
                continue;
            var left = next.DueAt(ledger, options.BurstWindow) - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
                due.Add(next);
            else if (left < wait)
                wait = left;
        }

        return due.ToArray();
    }

    /// <summary>The ledger to store before the messages are sent.</summary>
    public static Ledger Begin(Ledger ledger, Outgoing[] due)
    {
        foreach (var outgoing in due)
            ledger = outgoing.Begin(ledger);
        return ledger;
    }

    /// <summary>Sends the messages.</summary>
    /// <returns>The ledger with the results.</returns>
    public async Task<Ledger> SendAsync(Ledger ledger, Outgoing[] due, CancellationToken cancellationToken)
    {
        var sending = Array.ConvertAll(due, o => SendAsync(o, ledger, cancellationToken));
        var after = ledger;
        for (var i = 0; i < due.Length; i++)
            after = Apply(after, due[i], await sending[i]);
        metrics.Queued(after.Queue.Length);
        return after;
    }

    /// <summary>Reports an empty queue: another process has it.</summary>
    public void Forget() => metrics.Queued(0);

    private Task<SendResult> SendAsync(Outgoing outgoing, Ledger ledger, CancellationToken cancellationToken)
    {
        var message = MessageWriter.Write(outgoing, ledger, options.BurstWindow, time.GetUtcNow());
        return Array.Find(channels, c => c.Name == outgoing.Channel)!.SendAsync(message, cancellationToken);
    }

    private Ledger Apply(Ledger ledger, Outgoing outgoing, SendResult result)
    {
        var channel = outgoing.Channel;
        metrics.Attempted(channel, result.Problem is null, outgoing.IsRepeat);
        var hadFailed = ledger.FaultOf(channel) is not null;
        if (result.Problem is null)
        {
            if (hadFailed)
                logger.ChannelRestored(channel);
            return outgoing.Succeeded(ledger);
        }

        if (!hadFailed)
            logger.ChannelFailed(channel, result.Problem);
        return outgoing.Failed(ledger, result, time.GetUtcNow(), retry);
    }
}
