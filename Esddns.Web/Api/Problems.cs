using Esddns.Http;

namespace Esddns.Web.Api;

/// <summary>The answers to requests that no endpoint answers.</summary>
internal static class Problems
{
    /// <summary>Gives each error without a body the body of a problem (RFC 9457).</summary>
    public static void UseProblems(this IApplicationBuilder app) =>
        app.UseStatusCodePages(context =>
        {
            var statusCode = context.HttpContext.Response.StatusCode;
            return new ProblemResult(statusCode, Explain(statusCode)).ExecuteAsync(context.HttpContext);
        });

    private static string? Explain(int statusCode) =>
        statusCode switch
        {
            StatusCodes.Status404NotFound => "No such endpoint: /openapi/v1.json describes the API.",
            StatusCodes.Status405MethodNotAllowed => "The header Allow names the methods of this endpoint.",
            _ => null,
        };
}
