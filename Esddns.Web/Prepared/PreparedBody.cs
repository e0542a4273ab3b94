using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Esddns.Web.Prepared;

/// <summary>
/// An answer in all encodings, each with its own strong entity tag (RFC 9110, section 8.8.3). An encoding is made at
/// its first use, once.
/// </summary>
internal sealed class PreparedBody
{
    /// <summary>A smaller body fits into one packet, so compression saves nothing.</summary>
    private const int MinCompressed = 1024;

    /// <summary>A tag has this many bytes of the hash. It only tells versions of one body apart.</summary>
    private const int TagBytes = 12;

    private readonly Answer _answer;
    private readonly string _hash;
    private readonly Lazy<Variant>[] _variants;

    /// <summary>Prepares an answer.</summary>
    public PreparedBody(Answer answer)
    {
        _answer = answer;
        _hash = Convert.ToHexStringLower(SHA256.HashData(answer.Body).AsSpan(0, TagBytes));
        _variants =
        [
            new(() => Make(ContentCoding.Identity)),
            new(() => Make(ContentCoding.Gzip)),
            new(() => Make(ContentCoding.Brotli)),
        ];
    }

    /// <summary>An upper limit of the bytes that all encodings take.</summary>
    public long Size => 3L * _answer.Body.Length;

    /// <summary>Answers with the body, or with 304 if the client has it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var isCompressed = _answer.Body.Length >= MinCompressed;
        var coding = isCompressed ? ContentCodings.Of(request) : ContentCoding.Identity;
        var (tag, body) = _variants[(int)coding].Value;
        var headers = response.Headers;
        headers.ETag = tag;
        // A client may store the answer, but asks each time whether it is the newest one.
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept-Encoding";
        if (_answer.Link is { } link)
            headers.Link = link;
        if (request.Headers.IfNoneMatch is { Count: > 0 } known && Matches(known, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = _answer.ContentType;
        response.ContentLength = body.Length;
        if (coding.Name is { } name)
            headers.ContentEncoding = name;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static bool Matches(StringValues known, string tag)
    {
        if (known.Count == 1 && known[0] == tag)
            return true;
        if (!EntityTagHeaderValue.TryParseList(known, out var tags))
            return false;
        var current = new EntityTagHeaderValue(tag);
        return tags.Any(t => t.Tag == "*" || t.Compare(current, useStrongComparison: false));
    }

    private Variant Make(ContentCoding coding)
    {
        var suffix = coding.Name is { } name ? "-" + name : "";
        return new Variant($"\"{_hash}{suffix}\"", coding.Compress(_answer.Body));
    }

    private sealed record Variant(string Tag, byte[] Body);
}
