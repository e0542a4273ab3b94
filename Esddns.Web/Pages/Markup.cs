using System.Globalization;
using System.Text.Encodings.Web;
using Esddns.Contracts;
using Esddns.Web.Pages.Texts;
using Microsoft.AspNetCore.Html;

namespace Esddns.Web.Pages;

/// <summary>Small pieces of HTML that many sections need.</summary>
internal static class Markup
{
    /// <summary>
    /// A time. The text is absolute, so that it stays true without script; the module makes it relative. The absolute
    /// time in the visitor's time zone is then shown on hover, and on focus where the element can be focused.
    /// </summary>
    /// <param name="at">The time; null shows "never".</param>
    /// <param name="canFocus">Whether the keyboard reaches it. Not in long tables, where it would be a burden.</param>
    public static HtmlString Time(DateTimeOffset? at, bool canFocus = false) => Time(at, "ago", canFocus);

    /// <summary>A time to count down to.</summary>
    public static HtmlString Countdown(DateTimeOffset at) => Time(at, "left", canFocus: true);

    /// <summary>A time that stays absolute; the module shows it in the visitor's time zone.</summary>
    public static HtmlString Absolute(DateTimeOffset at) => Time(at, "absolute", canFocus: false);

    /// <summary>The shape of a tone. It is decoration: a word stands beside it.</summary>
    public static HtmlString Shape(Tone tone) => Icon(tone.Name());

    /// <summary>An icon of the page's set, as decoration.</summary>
    /// <param name="name">The end of its id.</param>
    public static HtmlString Icon(string name) =>
        new($"<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-{name}\"/></svg>");

    /// <summary>A state: its shape and its word, in its color.</summary>
    public static HtmlString State(Tone tone, string word) =>
        new($"<span class=\"state {tone.Name()}\">{Shape(tone)}{Encode(word)}</span>");

    /// <summary>Encodes text for HTML, as the slices do.</summary>
    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static HtmlString Time(DateTimeOffset? at, string form, bool canFocus)
    {
        if (at is not { } time)
            return new HtmlString(Encode(Words.Never));
        var machine = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var focus = canFocus ? " tabindex=\"0\"" : "";
        return new HtmlString(
            $"<time datetime=\"{machine}\" data-form=\"{form}\"{focus}>{StatusText.Utc(time)}</time>"
        );
    }
}
