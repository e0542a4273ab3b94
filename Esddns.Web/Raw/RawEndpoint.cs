using Esddns.Web.Status;

namespace Esddns.Web.Raw;

/// <summary><c>GET /raw</c>: the JSON of the old system.</summary>
internal static class RawEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapRaw(this IEndpointRouteBuilder routes) => routes.MapGet("/raw", AnswerAsync);

    private static async Task<IResult> AnswerAsync(StatusCache cache, CancellationToken cancellationToken)
    {
        var cached = await cache.FirstAsync(cancellationToken);
        return Results.Json(RawDocument.Of(cached), RawJson.Default.RawDocument);
    }
}
