using System.Text.Json;
using Esddns.Contracts;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>
/// <c>GET /status/stream</c>: sends each snapshot as a server-sent event. Sends a comment when there is no new snapshot
/// for a while, so that a client can distinguish an idle operator from a stuck one.
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

    /// <summary>Writes events until the client disconnects or the host stops.</summary>
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
            var snapshot = JsonSerializer.SerializeToUtf8Bytes(
                state.Current.ToStatus(),
                StatusJson.Default.StatusDocument
            );
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
        using var timeout = new CancellationTokenSource(s_sendTimeout, time);
        using var abort = timeout.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
