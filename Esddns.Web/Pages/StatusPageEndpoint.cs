using System.Globalization;
using Esddns.Web.Pages.Records;
using Esddns.Web.Prepared;
using Esddns.Web.Status;
using Esddns.Web.Sync;
using RazorSlices;

namespace Esddns.Web.Pages;

/// <summary><c>GET /</c>: the status page.</summary>
internal static class StatusPageEndpoint
{
    /// <summary>How long a page is used for the same status. The bars of the timelines move on with the time.</summary>
    private static readonly TimeSpan s_maxAge = TimeSpan.FromMinutes(10);

    /// <summary>Maps the endpoint.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapRead("/", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var cached = await services.GetRequiredService<StatusCache>().FirstAsync(context.RequestAborted);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var page = new PageModel(
            cached,
            now,
            RecordFilter.Read(context.Request.Query),
            services.GetRequiredService<SyncAccess>().MayRequest(context)
        );
        await services
            .GetRequiredService<PreparedBodies>()
            .TryAnswerAsync(
                context,
                cached,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"/ {now.Ticks / s_maxAge.Ticks} {page.MayCheck} {page.Filter.Key}"
                ),
                async () => PreparedBody.Text("text/html; charset=utf-8", await StatusPage.Create(page).RenderAsync())
            );
    }
}
