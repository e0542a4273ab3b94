using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>Sends the messages that are due, to all channels at the same time.</summary>
internal sealed class Delivery(
    NotificationOptions options,
    IReadOnlyList<IChannel> channels,
    RetryRule retry,
    NotificationMetrics metrics,
    TimeProvider time,
    ILogger<Delivery> logger
)
{
    /// <summary>The messages that are due now, at most one of each channel.</summary>
    public IReadOnlyList<Outgoing> Due(Ledger ledger)
    {
        metrics.Queued(ledger.Queue.Length);
        var now = time.GetUtcNow();
        return [.. Waiting(ledger).Where(o => o.DueAt(ledger, options.BurstWindow) <= now)];
    }

    /// <summary>The wait until the first message is due; null when none waits.</summary>
    public TimeSpan? Wait(Ledger ledger)
    {
        TimeSpan? first = null;
        foreach (var outgoing in Waiting(ledger))
        {
            var wait = outgoing.DueAt(ledger, options.BurstWindow) - time.GetUtcNow();
            if (first is null || wait < first)
                first = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }

        return first;
    }

    /// <summary>The ledger to store before the messages are sent.</summary>
    public static Ledger Begin(Ledger ledger, IEnumerable<Outgoing> due) =>
        due.Aggregate(ledger, (current, outgoing) => outgoing.Begin(current));

    /// <summary>Sends the messages.</summary>
    /// <returns>The ledger with the results.</returns>
    public async Task<Ledger> SendAsync(
        Ledger ledger,
        IReadOnlyList<Outgoing> due,
        CancellationToken cancellationToken
    )
    {
        var results = await Task.WhenAll(due.Select(o => SendAsync(o, ledger, cancellationToken)));
        var after = ledger;
        for (var i = 0; i < due.Count; i++)
            after = Apply(after, due[i], results[i]);
        metrics.Queued(after.Queue.Length);
        return after;
    }

    /// <summary>Reports an empty queue: another process has it.</summary>
    public void Forget() => metrics.Queued(0);

    private IEnumerable<Outgoing> Waiting(Ledger ledger) =>
        channels.Select(c => Outgoing.Next(ledger, c.Name)).OfType<Outgoing>();

    private Task<SendResult> SendAsync(Outgoing outgoing, Ledger ledger, CancellationToken cancellationToken)
    {
        var message = MessageWriter.Write(outgoing, ledger, options.BurstWindow, time.GetUtcNow());
        return channels.First(c => c.Name == outgoing.Channel).SendAsync(message, cancellationToken);
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
