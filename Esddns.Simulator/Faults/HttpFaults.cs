namespace Esddns.Simulator.Faults;

/// <summary>Applies faults to HTTP requests.</summary>
internal sealed class HttpFaults(FaultBoard board, TimeProvider time)
{
    /// <summary>The key in <c>HttpContext.Items</c> of a fault that the endpoint applies itself.</summary>
    public const string Item = "fault";

    /// <summary>
    /// Handles a request to <paramref name="service"/>; <paramref name="next"/> answers it without a fault.
    /// </summary>
    public async Task HandleAsync(HttpContext context, string service, RequestDelegate next)
    {
        if (board.Take(service, context.Request.Method, context.Request.Path) is not { } fault)
        {
            await next(context);
            return;
        }

        if (fault.AfterApply)
            await BufferAsync(context, next);
        switch (fault.Kind)
        {
            case FaultEffect.Latency:
                await Task.Delay(TimeSpan.FromMilliseconds(fault.LatencyMs), time, context.RequestAborted);
                await next(context);
                break;
            case FaultEffect.Status:
                await AnswerAsync(context, fault);
                break;
            case FaultEffect.Truncate:
                await TruncateAsync(context, next);
                break;
            case FaultEffect.Reset:
                context.Abort();
                break;
            case FaultEffect.Silence:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case FaultEffect.LateWrite:
                await board.HoldAsync(() => LateAsync(context, fault, next));
                break;
            default:
                context.Items[Item] = fault;
                await next(context);
                break;
        }
    }

    private async Task LateAsync(HttpContext context, Fault fault, RequestDelegate next)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(fault.LatencyMs), time, CancellationToken.None);
        var aborted = context.RequestAborted;
        context.RequestAborted = CancellationToken.None;
        await next(context);
        context.RequestAborted = aborted;
    }

    private static async Task AnswerAsync(HttpContext context, Fault fault)
    {
        context.Response.Clear();
        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.ContentType = fault.ContentType;
        await context.Response.WriteAsync(
            fault.Body ?? "<html><body>Something went wrong.</body></html>",
            context.RequestAborted
        );
    }

    private static async Task TruncateAsync(HttpContext context, RequestDelegate next)
    {
        var body = await BufferAsync(context, next);
        context.Response.ContentLength = Math.Max(body.Length, 2);
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task<byte[]> BufferAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await next(context);
        context.Response.Body = body;
        return buffer.ToArray();
    }
}
