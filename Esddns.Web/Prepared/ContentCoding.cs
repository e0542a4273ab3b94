using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Esddns.Web.Prepared;

/// <summary>A content coding (RFC 9110, section 8.4.1).</summary>
internal enum ContentCoding
{
    /// <summary>Without compression.</summary>
    Identity,

    /// <summary>The coding <c>gzip</c>.</summary>
    Gzip,

    /// <summary>The coding <c>br</c>.</summary>
    Brotli,
}

/// <summary>Selects and applies content codings.</summary>
internal static class ContentCodings
{
    /// <summary>A higher level takes several times as long, and the bytes are valid for one status only.</summary>
    private const CompressionLevel Level = CompressionLevel.Fastest;

    extension(ContentCoding coding)
    {
        /// <summary>The name in the headers; null for identity.</summary>
        public string? Name =>
            coding switch
            {
                ContentCoding.Gzip => "gzip",
                ContentCoding.Brotli => "br",
                _ => null,
            };

        /// <summary>Compresses a body.</summary>
        public byte[] Compress(byte[] body)
        {
            if (coding == ContentCoding.Identity)
                return body;
            using var compressed = new MemoryStream();
            using (
                Stream stream =
                    coding == ContentCoding.Gzip
                        ? new GZipStream(compressed, Level, leaveOpen: true)
                        : new BrotliStream(compressed, Level, leaveOpen: true)
            )
                stream.Write(body);
            return compressed.ToArray();
        }
    }

    /// <summary>The best coding that the client accepts: br, gzip, or none.</summary>
    public static ContentCoding Of(HttpRequest request)
    {
        var accepted = request.Headers.AcceptEncoding;
        if (accepted.Count == 0 || !StringWithQualityHeaderValue.TryParseList(accepted, out var codings))
            return ContentCoding.Identity;
        if (Accepts(codings, "br"))
            return ContentCoding.Brotli;
        return Accepts(codings, "gzip") ? ContentCoding.Gzip : ContentCoding.Identity;
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> codings, string name)
    {
        foreach (var accepted in codings)
            if (accepted.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                return accepted.Quality is not 0;
        return false;
    }
}
