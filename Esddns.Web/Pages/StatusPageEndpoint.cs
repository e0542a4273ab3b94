using Esddns.Web.Status;

namespace Esddns.Web.Pages;

/// <summary><c>GET /</c>: the status page.</summary>
internal static class StatusPageEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapGet("/", AnswerAsync);

    private static async Task<IResult> AnswerAsync(StatusCache cache, CancellationToken cancellationToken) =>
        StatusPage.Create(await cache.FirstAsync(cancellationToken));
}
