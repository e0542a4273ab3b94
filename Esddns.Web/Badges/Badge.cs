using System.Globalization;
using System.Net;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Badges;

/// <summary>A badge that shows the state of one record.</summary>
/// <param name="Label">The name and type of the record.</param>
/// <param name="Message">The state in words.</param>
/// <param name="Color">The color of the state, with white text on it in sufficient contrast.</param>
internal sealed record Badge(string Label, string Message, string Color)
{
    private const string Green = "#1a7f37";
    private const string Red = "#b3261e";
    private const string Grey = "#57606a";

    /// <summary>The width of a character of 11 px in the common fonts, in px: a little more than its mean.</summary>
    private const double CharacterWidth = 6.8;

    /// <summary>The badge of a record.</summary>
    /// <param name="record">The record; null if there is none with this name.</param>
    /// <param name="isStale">Whether the state may be out of date: then it is not shown as good.</param>
    /// <param name="name">The text on the left.</param>
    public static Badge Of(RecordStatus? record, bool isStale, string name) =>
        isStale ? new Badge(name, "out of date", Grey)
        : record is null ? new Badge(name, "no such record", Grey)
        : Condition.Of(record) switch
        {
            Condition.InSync => new Badge(name, Values(record), Green),
            Condition.OutOfSync => new Badge(name, "not in sync", Red),
            _ => new Badge(name, "unknown", Grey),
        };

    /// <summary>The badge as an image. It needs no script and no font of its own.</summary>
    public string ToSvg()
    {
        var (left, right) = (Width(Label), Width(Message));
        var (width, middle) = (left + right, left + (right / 2));
        var (label, message) = (WebUtility.HtmlEncode(Label), WebUtility.HtmlEncode(Message));
        var title = $"{label}: {message}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">
            <title>{title}</title>
            <clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
            <g clip-path="url(#r)">
            <rect width="{left}" height="20" fill="#424a53"/>
            <rect x="{left}" width="{right}" height="20" fill="{Color}"/>
            </g>
            <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
            <text x="{left / 2}" y="14">{label}</text>
            <text x="{middle}" y="14">{message}</text>
            </g>
            </svg>
            """
        );
    }

    private static string Values(RecordStatus record) =>
        record.StateOrUnknown == StatusExtensions.Skipped ? "skipped"
        : record.Current is [var only] ? only
        : "in sync";

    private static int Width(string text) => (int)Math.Ceiling(text.Length * CharacterWidth) + 12;
}
