using System.Text.Json;
using Esddns.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace Esddns.Operator.Api;

/// <summary>
/// Responds with a status. It is serialized at once: the asynchronous serializer of <see cref="Results"/> adds native
/// code for each type of JSON, 1 MB in total.
/// </summary>
internal sealed class StatusResult(StatusDocument status) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Indented.StatusDocument);
        return WriteAsync(httpContext, "application/json; charset=utf-8", json);
    }

    /// <summary>Writes the body of a response.</summary>
    public static Task WriteAsync(HttpContext context, string mediaType, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

/// <summary>Responds with a problem (RFC 9457).</summary>
/// <param name="statusCode">The status code.</param>
/// <param name="detail">The reason in one line for people.</param>
internal sealed class ProblemResult(int statusCode, string? detail) : IResult
{
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

        httpContext.Response.StatusCode = statusCode;
        return StatusResult.WriteAsync(httpContext, "application/problem+json", json.ToArray());
    }
}
