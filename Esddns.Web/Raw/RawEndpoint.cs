using Esddns.Web.Prepared;
using Esddns.Web.Status;

namespace Esddns.Web.Raw;

/// <summary><c>GET /raw</c>: the JSON of the old system.</summary>
internal static class RawEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapRaw(this IEndpointRouteBuilder routes) => routes.MapRead("/raw", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var cached = await services.GetRequiredService<StatusCache>().FirstAsync(context.RequestAborted);
        await services
            .GetRequiredService<PreparedBodies>()
            .AnswerAsync(
                context,
                cached,
                "/raw",
                () => PreparedBody.Json(RawDocument.Of(cached), RawJson.Default.RawDocument)
            );
    }
}
