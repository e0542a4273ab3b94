using Esddns.Contracts;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>The HTTP API of the operator: its status, and the request for a round.</summary>
internal static class StatusApi
{
    private const string Misdirected =
        "Host name not allowed: use the IP address, or add the name to Esddns:Api:AllowedHosts.\n";

    /// <summary>Adds the services of the API.</summary>
    public static IServiceCollection AddStatusApi(this IServiceCollection services, ApiOptions options) =>
        services.AddSingleton(options).AddSingleton<StatusStream>().AddSingleton<SyncEndpoint>();

    /// <summary>
    /// Rejects requests with a host name that is not allowed (421). Adds headers that prevent caching and content
    /// sniffing.
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
            async (HttpContext context, StateStore state, IStateRefresher fresh, CancellationToken cancellationToken) =>
            {
                if (StatusQuery.Read(context.Request.Query, out var mistake) is not { } query)
                    return Refuse(mistake);
                await fresh.RefreshAsync(cancellationToken);
                if (query.Select(state.Current, out var next) is not { } status)
                    return Refuse("continue: the record does not exist any more; request the first page again");
                if (next is not null)
                    context.Response.Headers.Link = $"</status{query.Following(next)}>; rel=\"next\"";
                return Results.Json(status, StatusJson.Indented.StatusDocument);
            }
        );
        app.MapGet("/status/stream", (StatusStream stream, HttpContext context) => stream.WriteAsync(context));
        app.MapPost("/sync", (SyncEndpoint sync, HttpContext context) => sync.RunAsync(context));
    }

    private static IResult Refuse(string? mistake) =>
        Results.Problem(mistake, statusCode: StatusCodes.Status400BadRequest);
}
