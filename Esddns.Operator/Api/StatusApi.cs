using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>What the operator tells, and the one thing that it can be asked to do.</summary>
internal static class StatusApi
{
    private const string Misdirected =
        "The operator is not called by this name: use its address, or add the name to Esddns:Api:AllowedHosts.\n";

    /// <summary>Adds what the API needs.</summary>
    public static IServiceCollection AddStatusApi(this IServiceCollection services, ApiOptions options) =>
        services.AddSingleton(options).AddSingleton<StatusStream>().AddSingleton<SyncEndpoint>();

    /// <summary>
    /// Answers only those who call by an allowed name, with headers that keep answers out of caches and content
    /// guessing.
    /// </summary>
    public static void UseAllowedHosts(this IApplicationBuilder app, AllowedHosts hosts) =>
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.CacheControl = "no-store";
                if (hosts.Allow(context.Request.Host))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync(Misdirected, context.RequestAborted);
            }
        );

    /// <summary>Maps <c>GET /status</c>, <c>GET /status/stream</c> and <c>POST /sync</c>.</summary>
    public static void MapStatusApi(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/status",
            async (StateStore state, IFreshState fresh, CancellationToken cancellationToken) =>
            {
                await fresh.RefreshAsync(cancellationToken);
                return Results.Json(state.Current, SnapshotJson.Default.Snapshot);
            }
        );
        app.MapGet("/status/stream", (StatusStream stream, HttpContext context) => stream.WriteAsync(context));
        app.MapPost("/sync", (SyncEndpoint sync, HttpContext context) => sync.RunAsync(context));
    }
}
