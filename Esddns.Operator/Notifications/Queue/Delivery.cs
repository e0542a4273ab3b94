using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// Sends the messages that are due. Each channel sends one message at a time, and does not wait for the others.
/// </summary>
internal sealed class Delivery(
    NotificationOptions options,
    IChannel[] channels,
    RetryRule retry,
    NotificationMetrics metrics,
    TimeProvider time,
    ILogger<Delivery> logger
)
{
    private readonly List<Sending> _running = [];

    /// <summary>Whether messages are on their way.</summary>
    public bool IsBusy => _running.Count > 0;

    /// <summary>Ends when a message that is on its way has a result.</summary>
    public Task NextResult =>
        IsBusy ? Task.WhenAny(_running.ConvertAll(s => s.Result)) : Task.Delay(Timeout.InfiniteTimeSpan, time);

    /// <summary>The ledger without removed channels and wrong times.</summary>
    public Ledger Repair(Ledger ledger) => LedgerRepair.Apply(ledger, channels, time.GetUtcNow());

    /// <summary>The messages that are due now, at most one of each channel that is not sending.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="wait">The wait until the next message is due; at most the given one.</param>
    public Outgoing[] Due(Ledger ledger, ref TimeSpan wait)
    {
        metrics.Queued(ledger.Queue.Length);
        var due = new List<Outgoing>();
        foreach (var channel in channels)
        {
            if (_running.Exists(s => s.Outgoing.Channel == channel.Name))
                continue;
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

    /// <summary>Starts to send the messages.</summary>
    /// <param name="ledger">The ledger, as it is stored.</param>
    /// <param name="due">The messages.</param>
    /// <param name="cancellationToken">Ends with the leadership.</param>
    public void Start(Ledger ledger, Outgoing[] due, CancellationToken cancellationToken)
    {
        foreach (var outgoing in due)
            _running.Add(new Sending(outgoing, SendAsync(outgoing, ledger, cancellationToken)));
    }

    /// <summary>The ledger with the results since the last call; the same ledger when there are none.</summary>
    public Ledger Collect(Ledger ledger)
    {
        foreach (var ended in _running.FindAll(s => s.Result.IsCompleted))
        {
            _running.Remove(ended);
            if (ended.Result.IsCompletedSuccessfully)
                ledger = Apply(ledger, ended.Outgoing, ended.Result.Result);
            else if (ended.Result.Exception?.InnerException is { } e)
                ledger = Apply(ledger, ended.Outgoing, new SendResult($"unexpected {e.GetType().Name}", true));
        }

        return ledger;
    }

    /// <summary>Waits until the messages that are on their way have ended, without their results.</summary>
    public async Task StopAsync()
    {
        foreach (var sending in _running)
            await ((Task)sending.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Clear();
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

    /// <summary>A message that is on its way.</summary>
    private sealed class Sending(Outgoing outgoing, Task<SendResult> result)
    {
        public Outgoing Outgoing => outgoing;

        public Task<SendResult> Result => result;
    }
}
