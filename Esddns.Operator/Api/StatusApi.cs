using Esddns.Access;
using Esddns.Http;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>The HTTP API of the operator: its status, and the request for a round.</summary>
internal static class StatusApi
{
    private const string Misdirected =
        "Host name not allowed: use the IP address, or add the name to Esddns:Api:AllowedHosts.";

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
                return new ProblemResult(StatusCodes.Status421MisdirectedRequest, Misdirected).ExecuteAsync(context);
            }
        );

    /// <summary>
    /// Maps <c>GET /status</c>, <c>GET /status/stream</c> and <c>POST /sync</c>. The handlers take the context alone:
    /// for other parameters, the generator also adds code that reads them from JSON.
    /// </summary>
    public static void MapStatusApi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status", async context => await (await StatusAsync(context)).ExecuteAsync(context));
        app.MapGet(
            "/status/stream",
            context => context.RequestServices.GetRequiredService<StatusStream>().WriteAsync(context)
        );
        app.MapPost(
            "/sync",
            async context =>
            {
                var answer = await context.RequestServices.GetRequiredService<SyncEndpoint>().RunAsync(context);
                await answer.ExecuteAsync(context);
            }
        );
    }

    private static async Task<IResult> StatusAsync(HttpContext context)
    {
        if (StatusQuery.Read(context.Request.Query, out var mistake) is not { } query)
            return Refuse(mistake);
        await context.RequestServices.GetRequiredService<IStateRefresher>().RefreshAsync(context.RequestAborted);
        var snapshot = context.RequestServices.GetRequiredService<StateStore>().Current;
        if (query.Select(snapshot, out var next) is not { } status)
            return Refuse("continue: the record does not exist any more; request the first page again");
        if (next is not null)
            context.Response.Headers.Link = $"</status{query.Following(next)}>; rel=\"next\"";
        return new StatusResult(status);
    }

    private static ProblemResult Refuse(string? mistake) => new(StatusCodes.Status400BadRequest, mistake);
}
