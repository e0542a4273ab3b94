using Esddns.Http;
using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: a stream of server-sent events. An event <c>status</c> tells of each new state, an event
/// <c>change</c> of each confirmed write. <c>Last-Event-ID</c> resumes the changes. A client that does not read is
/// disconnected: nothing is queued for it.
/// </summary>
internal sealed class EventStreams(StatusCache cache, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The maximum number of open streams.</summary>
    public const int MaxStreams = 10_000;

    /// <summary>The time between two messages, at most. It also finds clients that have gone.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The maximum time that a client may take to accept an event.</summary>
    private static readonly TimeSpan s_sendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a browser waits before it connects again.</summary>
    private static readonly ReadOnlyMemory<byte> s_retry = "retry: 2000\n\n"u8.ToArray();

    private readonly EventText _text = new();
    private int _open;

    /// <summary>The number of open streams.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Sends events until the client disconnects or the host stops.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > MaxStreams)
            {
                context.Response.Headers.RetryAfter = "30";
                await new ProblemResult(
                    StatusCodes.Status503ServiceUnavailable,
                    $"There are {MaxStreams} open streams already. Retry later."
                ).ExecuteAsync(context);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            // nginx would otherwise keep the events in its buffer.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAllAsync(context);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the host stops.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task SendAllAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            lifetime.ApplicationStopping,
            context.RequestAborted
        );
        DateTimeOffset? place = ChangeQuery.TryTime(context.Request.Headers["Last-Event-ID"].ToString(), out var last)
            ? last
            : null;
        await context.Response.Body.WriteAsync(s_retry, end.Token);
        await cache.FirstAsync(end.Token);
        while (true)
        {
            var now = cache.Now;
            (var text, place) = _text.Of(now, place);
            await SendAsync(context, text, end.Token);
            while (!await IsChangedAsync(now.Version, end.Token))
                await SendAsync(context, EventText.Comment, end.Token);
        }
    }

    /// <summary>Waits for a new version; false when the heartbeat is due first.</summary>
    private async Task<bool> IsChangedAsync(long version, CancellationToken end)
    {
        try
        {
            await cache.ChangeAfter(version).WaitAsync(Heartbeat, time, end);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> text, CancellationToken end)
    {
        using var timeout = new CancellationTokenSource(s_sendTimeout, time);
        using var abort = timeout.Token.Register(context.Abort);
        await context.Response.Body.WriteAsync(text, end);
        await context.Response.Body.FlushAsync(end);
    }
}
