using System.Text.Json;
using Esddns.Web.Prepared;
using Microsoft.AspNetCore.Mvc;

namespace Esddns.Web.Raw;

/// <summary><c>GET /raw</c>: the JSON of the old system.</summary>
internal static class RawEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void MapRaw(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/raw", AnswerAsync).ExcludeFromDescription();

    private static Task AnswerAsync(HttpContext context, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(
            context,
            "/raw",
            static status => new Answer(
                Answer.Json,
                JsonSerializer.SerializeToUtf8Bytes(RawDocument.Of(status), RawJson.Default.RawDocument)
            )
        );
}
