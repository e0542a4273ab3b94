using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Primitives;

namespace Esddns.Web.Prepared;

/// <summary>
/// The body of a response that is made once and sent many times: with an entity tag (RFC 9110, section 8.8.3), so that
/// a client that has it gets 304, and compressed when the client accepts that.
/// </summary>
/// <param name="mediaType">The value of <c>Content-Type</c>.</param>
/// <param name="bytes">The body.</param>
internal sealed class PreparedBody(string mediaType, byte[] bytes)
{
    /// <summary>Smaller bodies fit into one packet, so that compression gains nothing.</summary>
    private const int MinCompressed = 1024;

    private readonly string _tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
    private readonly Lazy<byte[]> _brotli = new(() =>
        Compress(bytes, to => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true))
    );
    private readonly Lazy<byte[]> _gzip = new(() =>
        Compress(bytes, to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true))
    );

    /// <summary>The memory of all forms together, in bytes.</summary>
    public long Size =>
        bytes.Length
        + (_brotli.IsValueCreated ? _brotli.Value.Length : 0)
        + (_gzip.IsValueCreated ? _gzip.Value.Length : 0);

    /// <summary>A body of JSON.</summary>
    public static PreparedBody Json<T>(T document, JsonTypeInfo<T> type) =>
        new("application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(document, type));

    /// <summary>A body of text.</summary>
    public static PreparedBody Text(string mediaType, string text) => new(mediaType, Encoding.UTF8.GetBytes(text));

    /// <summary>Answers a GET or HEAD request with 200, or with 304 when the client has this body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cacheControl">How long a client may use the body without a new request.</param>
    public Task WriteAsync(HttpContext context, string cacheControl = "no-cache")
    {
        var (encoding, body) = Choose(context.Request.Headers.AcceptEncoding);
        // Each form has its own tag, because a strong tag stands for the exact bytes.
        var tag = encoding is null ? $"\"{_tag}\"" : $"\"{_tag}-{encoding}\"";
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = cacheControl;
        headers.Vary = "Accept-Encoding";
        if (IsHeld(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = mediaType;
        headers.ContentEncoding = encoding;
        headers.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private (string? Encoding, byte[] Body) Choose(StringValues accepted)
    {
        if (bytes.Length < MinCompressed || accepted.Count == 0)
            return (null, bytes);
        return Accepts(accepted, "br") ? ("br", _brotli.Value)
            : Accepts(accepted, "gzip") ? ("gzip", _gzip.Value)
            : (null, bytes);
    }

    /// <summary>Whether the client accepts a coding by name, with a weight above zero (RFC 9110, section 12.5.3).</summary>
    private static bool Accepts(StringValues accepted, string coding)
    {
        foreach (var part in accepted.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            var parameters = part.Split(';', StringSplitOptions.TrimEntries);
            if (parameters[0].Equals(coding, StringComparison.OrdinalIgnoreCase))
                return !parameters.Skip(1).Any(p => p.TrimEnd('0').TrimEnd('.') is "q=" or "q=0");
        }

        return false;
    }

    /// <summary>
    /// Whether the client names the tag. Proxies may have made it weak, and <c>*</c> stands for each (RFC 9110, section
    /// 13.1.2).
    /// </summary>
    private static bool IsHeld(StringValues held, string tag)
    {
        foreach (var line in held)
        foreach (var one in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            if (one == "*" || one == tag || (one.StartsWith("W/", StringComparison.Ordinal) && one[2..] == tag))
                return true;
        return false;
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressor)
    {
        using var compressed = new MemoryStream();
        using (var to = compressor(compressed))
            to.Write(bytes);
        return compressed.ToArray();
    }
}
