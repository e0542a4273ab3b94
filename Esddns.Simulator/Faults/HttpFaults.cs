namespace Esddns.Simulator.Faults;

/// <summary>Lets faults happen to HTTP requests.</summary>
internal sealed class HttpFaults(FaultBoard board, TimeProvider time)
{
    /// <summary>Where an endpoint finds the address it is to lie about.</summary>
    public const string WrongAddress = "wrong-address";

    /// <summary>Handles a request of <paramref name="service"/>; <paramref name="next"/> is the honest answer.</summary>
    public async Task HandleAsync(HttpContext context, string service, RequestDelegate next)
    {
        if (board.Take(service, context.Request.Method) is not { } fault)
        {
            await next(context);
            return;
        }

        if (fault.AfterApply) await BufferAsync(context, next);
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
                await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            default:
                context.Items[WrongAddress] = fault.Address;
                await next(context);
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, Fault fault)
    {
        context.Response.Clear();
        context.Response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.ContentType = fault.ContentType;
        await context.Response.WriteAsync(fault.Body ?? "<html><body>Something went wrong.</body></html>", context.RequestAborted);
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
