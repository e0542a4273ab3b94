using System.Text;
using Esddns.Web.Prepared;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Mvc;
using RazorSlices;

namespace Esddns.Web.Pages;

/// <summary><c>GET /</c>: the status page.</summary>
internal static class StatusPageEndpoint
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>Maps the endpoint.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", AnswerAsync).ExcludeFromDescription();

    private static Task AnswerAsync(HttpContext context, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(context, "/", RenderAsync);

    private static async ValueTask<Answer> RenderAsync(CachedStatus status) =>
        new(Html, Encoding.UTF8.GetBytes(await StatusPage.Create(status).RenderAsync()));
}
