using Esddns.Http;
using Esddns.Web.Access;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: a stream of server-sent events. An event <c>status</c> tells of each new state, an event
/// <c>change</c> of each confirmed write. <c>Last-Event-ID</c> resumes the changes. A client that does not read is
/// disconnected: nothing is queued for it.
/// </summary>
internal sealed class EventStreams(
    StatusCache cache,
    Pulse pulse,
    AccessOptions options,
    Authentication authentication,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
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
            if (Interlocked.Increment(ref _open) > options.MaxStreams)
            {
                context.Response.Headers.RetryAfter = "30";
                await new ProblemResult(
                    StatusCodes.Status503ServiceUnavailable,
                    $"There are {options.MaxStreams} open streams already. Retry later."
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
        using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var abort = timeout.Token.Register(context.Abort);
        var place = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : null;
        await context.Response.Body.WriteAsync(s_retry, end.Token);
        await cache.FirstAsync(end.Token);
        long? sent = null;
        while (true)
        {
            var next = pulse.Next;
            var now = cache.Now;
            if (now.Version != sent)
            {
                (var text, place) = _text.Of(now, place);
                await SendAsync(text);
                sent = now.Version;
            }

            var isSilent = await next.WaitAsync(end.Token);
            if (!authentication.MayStillRead(context))
                return;
            if (isSilent)
                await SendAsync(EventText.Comment);
        }

        async Task SendAsync(ReadOnlyMemory<byte> text)
        {
            timeout.CancelAfter(s_sendTimeout);
            await context.Response.Body.WriteAsync(text, end.Token);
            await context.Response.Body.FlushAsync(end.Token);
            timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
