using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>
/// <c>GET /status/stream</c>: sends the newest snapshot as a server-sent event: at once, then at most once a second
/// after changes. Newer times alone wait for the heartbeat. Sends a comment when there is no new snapshot for a while,
/// so that a client can distinguish an idle operator from a stuck one.
/// <code>
/// event: status
/// data: {"round":1,…}
/// </code>
/// </summary>
internal sealed class StatusStream(
    StateStore state,
    IStateRefresher fresh,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>The maximum time between two messages. Clients give up after three times this interval.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The maximum time that a client may take to accept one event. The connection is aborted after that.
    /// </summary>
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The minimum time between two events to one client.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly StatusEvents _events = new();

    /// <summary>Writes events until the client disconnects or the host stops.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            lifetime.ApplicationStopping,
            context.RequestAborted
        );
        context.Response.ContentType = "text/event-stream";
        Snapshot? sent = null;
        var checkedAt = 0L;
        while (!end.IsCancellationRequested)
        {
            await fresh.RefreshAsync(end.Token);
            var next = state.Current;
            var began = time.GetTimestamp();
            if (sent is not null && next == sent)
            {
                await SendAsync(context, StatusEvents.Comment);
            }
            else
            {
                await SendAsync(context, _events.Of(next));
                (sent, checkedAt) = (next, began);
            }

            checkedAt = await NextAsync(sent, began + Ticks(Heartbeat), checkedAt, end.Token);
        }
    }

    /// <summary>
    /// Completes at the heartbeat, or earlier after a change of more than times. Compares at most once a second.
    /// </summary>
    /// <param name="sent">The snapshot that the client has.</param>
    /// <param name="heartbeat">The time of the heartbeat.</param>
    /// <param name="checkedAt">The time of the last comparison.</param>
    /// <param name="end">Ends the wait.</param>
    /// <returns>The time of the last comparison.</returns>
    private async Task<long> NextAsync(Snapshot sent, long heartbeat, long checkedAt, CancellationToken end)
    {
        while (true)
        {
            var change = state.NextChange();
            if (!ReferenceEquals(state.Current, sent))
            {
                if (await IsEndedWithinAsync(s_pause - time.GetElapsedTime(checkedAt), end))
                    return checkedAt;
                checkedAt = time.GetTimestamp();
                if (IsDue(sent, state.Current))
                    return checkedAt;
            }

            if (!await IsDoneWithinAsync(change, time.GetElapsedTime(time.GetTimestamp(), heartbeat), end))
                return checkedAt;
        }
    }

    /// <summary>Whether a client gets the snapshot before the heartbeat.</summary>
    private static bool IsDue(Snapshot sent, Snapshot next) =>
        next.Round != sent.Round || SnapshotChange.IsMoreThanTimes(sent, next);

    /// <summary>Whether the change came within this time, and the stream has not ended.</summary>
    private async Task<bool> IsDoneWithinAsync(Task change, TimeSpan wait, CancellationToken end)
    {
        if (wait <= TimeSpan.Zero)
            return false;
        try
        {
            await change.WaitAsync(wait, time, end);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits; true when the stream ends first.</summary>
    private async Task<bool> IsEndedWithinAsync(TimeSpan wait, CancellationToken end)
    {
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end.IsCancellationRequested;
    }

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> text)
    {
        using var timeout = new CancellationTokenSource(s_sendTimeout, time);
        using var abort = timeout.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
