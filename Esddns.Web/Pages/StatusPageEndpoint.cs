using Esddns.Web.Status;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Esddns.Web.Pages;

/// <summary><c>GET /</c>: the status page.</summary>
internal static class StatusPageEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", AnswerAsync);

    private static async Task<RazorComponentResult<StatusPage>> AnswerAsync(
        StatusCache cache,
        CancellationToken cancellationToken
    ) => new(new { Cached = await cache.FirstAsync(cancellationToken) });
}
