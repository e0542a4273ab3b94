using System.Net;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>The API server refused a request, or ended a watch with an error.</summary>
internal sealed class ApiException(HttpStatusCode statusCode, ApiStatus? status)
    : Exception(
        string.IsNullOrEmpty(status?.Message)
            ? $"the API server answered {(int)statusCode}"
            : $"{(int)statusCode}: {status.Message}"
    )
{
    /// <summary>The status of the answer, or of the error in a watch.</summary>
    public HttpStatusCode StatusCode => statusCode;
}

/// <summary>Reads exceptions of the client.</summary>
internal static class ApiExceptionExtensions
{
    /// <summary>Whether the API server answered with this status.</summary>
    public static bool HasStatus(this Exception e, HttpStatusCode status) =>
        e is ApiException { StatusCode: var actual } && actual == status;

    /// <summary>The problem in one line for people.</summary>
    public static string Explain(this Exception e) =>
        e is HttpRequestException { InnerException: { } inner } ? inner.Message : e.Message;
}
