using System.Text.Json;
using Esddns.Text;
using Esddns.Web.Prepared;
using Microsoft.AspNetCore.WebUtilities;

namespace Esddns.Web.Api;

/// <summary>An error (problem details, RFC 9457).</summary>
/// <param name="Title">The status code in words.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">What is wrong and what to do, in one line for people.</param>
public sealed record Problem(string Title, int Status, string Detail)
{
    /// <summary>The media type of problem details.</summary>
    internal const string ContentType = "application/problem+json";

    /// <summary>How long a client waits before it asks again for the first status, in seconds.</summary>
    private const int FirstStatusRetry = 2;

    /// <summary>Creates an answer. The detail can have text of the client; it is cleaned.</summary>
    internal static Answer Of(int status, string detail, int? retryAfter = null)
    {
        var problem = new Problem(ReasonPhrases.GetReasonPhrase(status), status, UntrustedText.Clean(detail));
        return new Answer(ContentType, JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem))
        {
            StatusCode = status,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>The answer before the first status.</summary>
    internal static Answer NoStatus(string? reason) =>
        Of(
            StatusCodes.Status503ServiceUnavailable,
            $"{reason ?? "No status yet"}; try again in {FirstStatusRetry} s",
            FirstStatusRetry
        );

    /// <summary>The answer to a parameter that is not valid.</summary>
    internal static Answer BadRequest(string mistake) => Of(StatusCodes.Status400BadRequest, mistake);
}
