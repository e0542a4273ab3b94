using System.Text.Json;
using Esddns.Contracts;

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
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = json.Length;
        return httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}
