using System.Globalization;
using System.Net;

namespace Esddns.Web.Badges;

/// <summary>
/// Draws a badge as an image, without styles or fonts of its own. Its width follows from the number of characters, and
/// <c>textLength</c> fits the text of any font into it.
/// </summary>
internal static class BadgeSvg
{
    private const int Height = 20;
    private const int Padding = 6;

    /// <summary>The width of a character of Verdana with 11 pixels, on average.</summary>
    private const double CharacterWidth = 6.6;

    /// <summary>Draws the badge.</summary>
    public static string Draw(Badge badge)
    {
        var (label, message) = (WebUtility.HtmlEncode(badge.Label), WebUtility.HtmlEncode(badge.Message));
        var (left, right) = (Width(badge.Label), Width(badge.Message));
        var all = left + right + (4 * Padding);
        var border = left + (2 * Padding);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="{Height}" role="img" aria-labelledby="t">
            <title id="t">{label}: {message}</title>
            <rect width="{border}" height="{Height}" fill="#444"/>
            <rect x="{border}" width="{all - border}" height="{Height}" fill="{Fill(badge.Color)}"/>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">
            <text x="{Padding}" y="14" textLength="{left}" lengthAdjust="spacingAndGlyphs">{label}</text>
            <text x="{border + Padding}" y="14" textLength="{right}" lengthAdjust="spacingAndGlyphs">{message}</text>
            </g>
            </svg>

            """
        );
    }

    private static int Width(string text) => (int)Math.Ceiling(text.Length * CharacterWidth);

    /// <summary>The colour of the background. White text has a contrast of at least 4.5:1 on each of them.</summary>
    private static string Fill(string color) =>
        color switch
        {
            "brightgreen" => "#1b7a35",
            "red" => "#b3261e",
            _ => "#666",
        };
}
