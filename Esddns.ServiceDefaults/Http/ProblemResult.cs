using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Esddns.Http;

/// <summary>
/// Responds with a problem (RFC 9457). <see cref="Results.Problem(string, string, int?, string, string,
/// IDictionary{string, object?})"/> needs reflection, which native code does not have.
/// </summary>
/// <param name="statusCode">The status code.</param>
/// <param name="detail">The reason in one line for people.</param>
public sealed class ProblemResult(int statusCode, string? detail) : IResult
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("title", ReasonPhrases.GetReasonPhrase(statusCode));
            writer.WriteNumber("status", statusCode);
            if (detail is not null)
                writer.WriteString("detail", detail);
            writer.WriteEndObject();
        }

        var response = httpContext.Response;
        response.StatusCode = statusCode;
        response.ContentType = MediaType;
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json.ToArray(), httpContext.RequestAborted).AsTask();
    }
}
