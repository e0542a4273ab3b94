namespace Esddns.Web.Prepared;

/// <summary>The answer to a request, before it is compressed.</summary>
/// <param name="ContentType">The media type with its character set.</param>
/// <param name="Body">The body. It must not change afterwards.</param>
internal sealed record Answer(string ContentType, byte[] Body)
{
    /// <summary>The media type of JSON.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>The status code. Only answers with 200 are kept.</summary>
    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    /// <summary>The header <c>Link</c>; null for none.</summary>
    public string? Link { get; init; }

    /// <summary>The header <c>Retry-After</c>, in seconds; null for none.</summary>
    public int? RetryAfter { get; init; }
}
