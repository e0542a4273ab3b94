using Esddns.Web.Prepared;
using Esddns.Web.Status;
using RazorSlices;

namespace Esddns.Web.Pages;

/// <summary><c>GET /</c>: the status page.</summary>
internal static class StatusPageEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var cached = await services.GetRequiredService<StatusCache>().FirstAsync(context.RequestAborted);
        await services
            .GetRequiredService<PreparedBodies>()
            .AnswerAsync(
                context,
                cached,
                "/",
                async () => PreparedBody.Text("text/html; charset=utf-8", await StatusPage.Create(cached).RenderAsync())
            );
    }
}
