using Esddns.Web.Api;
using Esddns.Web.Prepared;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// The open streams. Each writes the same bytes, and has no buffer besides that of its connection. A client that reads
/// too slowly is disconnected: browsers connect again and get what they missed.
/// </summary>
internal sealed class EventStreams(
    EventFeed feed,
    StatusCache cache,
    EventOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>The maximum time that a client may take to accept a message.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The maximum number of messages that a client may be behind.</summary>
    private const int MaxBehind = 64;

    /// <summary>How long a client waits before it asks again for a free place, in seconds.</summary>
    private const int FullRetry = 30;

    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;
    private int _count;

    /// <summary>The number of open streams.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Writes events until the client disconnects or the host stops.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _count) > options.MaxStreams)
        {
            Interlocked.Decrement(ref _count);
            var full = $"{options.MaxStreams} event streams are open, the maximum; try again in {FullRetry} s";
            await PreparedBodies.WriteAsync(
                context,
                Problem.Of(StatusCodes.Status503ServiceUnavailable, full, FullRetry)
            );
            return;
        }

        try
        {
            await WriteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected, or was too slow.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        await cache.FirstAsync(context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // A proxy such as nginx would otherwise collect events before it sends them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var since = EventId.NewestChange(context.Request.Headers["Last-Event-ID"]);
        var message = feed.Last;
        byte[] first = [.. EventText.Beginning.Span, .. Missed(message, ref since), .. message.Current];
        var isAlive = await SendAsync(context, first);
        while (isAlive && await NextAsync(message, context.RequestAborted) is { } next)
        {
            message = next;
            var missed = Missed(message, ref since);
            isAlive =
                feed.Last.Number - message.Number <= MaxBehind
                && (missed.Length == 0 || await SendAsync(context, missed))
                && await SendAsync(context, message.Bytes);
        }

        if (!isAlive)
            context.Abort();
    }

    /// <summary>The changes that the client missed, once there is a status.</summary>
    private byte[] Missed(EventMessage message, ref DateTimeOffset? since)
    {
        if (since is not { } after || message.History is not { } history)
            return [];
        since = null;
        return EventText.Changes(cache.Version, history, after);
    }

    /// <summary>Waits for the next message; null when the host stops.</summary>
    private async Task<EventMessage?> NextAsync(EventMessage message, CancellationToken aborted)
    {
        if (_stopping.IsCancellationRequested)
            return null;
        return await message.Next.WaitAsync(aborted);
    }

    /// <summary>Sends a message. Only a client that does not accept it at once needs a timer.</summary>
    /// <returns>False if the client does not accept it in time.</returns>
    private async ValueTask<bool> SendAsync(HttpContext context, ReadOnlyMemory<byte> text)
    {
        var sent = context.Response.BodyWriter.WriteAsync(text, context.RequestAborted);
        if (sent.IsCompleted)
            return !(await sent).IsCompleted;
        try
        {
            return !(await sent.AsTask().WaitAsync(SendTimeout, time, context.RequestAborted)).IsCompleted;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
