using System.Security.Cryptography;
using System.Text;
using Esddns.Web.Prepared;

namespace Esddns.Web.Assets;

/// <summary>
/// The static files of the page. They are part of the program, so they cannot be missing from an image or a working
/// directory. Their addresses contain a hash of their content, so that browsers keep them forever.
/// </summary>
internal static class PageAssets
{
    private const string Forever = "public, max-age=31536000, immutable";
    private const string Root = "/assets";

    private static readonly Dictionary<string, Asset> s_assets = Array
        .ConvertAll(
            [
                ("page.css", "text/css; charset=utf-8"),
                ("page.js", "text/javascript; charset=utf-8"),
                ("icons.svg", "image/svg+xml"),
                ("good.svg", "image/svg+xml"),
                ("bad.svg", "image/svg+xml"),
                ("unknown.svg", "image/svg+xml"),
            ],
            ((string Name, string MediaType) file) => Asset.Of(file.Name, file.MediaType)
        )
        .ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>The address of a file, with the hash of its content.</summary>
    public static string PathOf(string name) => $"{Root}/{s_assets[name].Hash}/{name}";

    /// <summary>The content of a text file.</summary>
    public static string TextOf(string name) => Encoding.UTF8.GetString(s_assets[name].Content);

    /// <summary>Maps the endpoint of the files.</summary>
    public static void MapPageAssets(this IEndpointRouteBuilder routes) =>
        routes.MapRead(Root + "/{hash}/{name}", AnswerAsync);

    /// <summary>
    /// Answers with the file. Another hash gets the file too, but must not keep it: during an update of several
    /// replicas, a page of one version may ask the other version for its files.
    /// </summary>
    private static Task AnswerAsync(HttpContext context)
    {
        var route = context.Request.RouteValues;
        if (!s_assets.TryGetValue($"{route["name"]}", out var asset))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return asset.Body.WriteAsync(context, asset.Hash == $"{route["hash"]}" ? Forever : "no-cache");
    }

    private sealed record Asset(string Name, string Hash, byte[] Content, PreparedBody Body)
    {
        public static Asset Of(string name, string mediaType)
        {
            using var file = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
            var content = new byte[file.Length];
            file.ReadExactly(content);
            var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
            return new Asset(name, hash, content, new PreparedBody(mediaType, content));
        }
    }
}
