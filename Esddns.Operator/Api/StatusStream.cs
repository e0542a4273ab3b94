using System.Text.Json;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>
/// <c>GET /status/stream</c>: each snapshot as a server-sent event, and a comment when there is none for a while, so
/// that followers can tell an operator without news from one that is stuck.
/// <code>
/// event: status
/// data: {"round":1,…}
/// </code>
/// </summary>
internal sealed class StatusStream(
    StateStore state,
    IFreshState fresh,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>The longest silence. Followers give up after three times that.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long a follower may take to accept one event, before it is cut off.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes until the caller leaves or the host stops.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            lifetime.ApplicationStopping,
            context.RequestAborted
        );
        context.Response.ContentType = "text/event-stream";
        while (!end.IsCancellationRequested)
        {
            await fresh.RefreshAsync(end.Token);
            var change = state.NextChange();
            var snapshot = JsonSerializer.SerializeToUtf8Bytes(state.Current, SnapshotJson.OneLine.Snapshot);
            await SendAsync(context, [.. "event: status\ndata: "u8, .. snapshot, .. "\n\n"u8]);
            while (!await IsDoneWithinAsync(change, end.Token))
            {
                await SendAsync(context, [.. ":\n\n"u8]);
                await fresh.RefreshAsync(end.Token);
            }
        }
    }

    private async Task<bool> IsDoneWithinAsync(Task change, CancellationToken end)
    {
        try
        {
            await change.WaitAsync(Heartbeat, time, end);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task SendAsync(HttpContext context, byte[] text)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var abort = patience.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
