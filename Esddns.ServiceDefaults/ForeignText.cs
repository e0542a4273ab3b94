using System.Globalization;
using System.Text;

namespace Esddns.Text;

/// <summary>
/// Cleans text that comes from outside (servers, headers, objects of the cluster) where it enters, so that no log,
/// page, metric or state can be steered or flooded by it.
/// </summary>
public static class ForeignText
{
    /// <summary>The longest text that is kept, in characters.</summary>
    public const int MaxLength = 300;

    /// <summary>What is read at most of a text to find what is kept of it.</summary>
    private const int MaxRead = 64 * MaxLength;

    /// <summary>
    /// One line of at most <paramref name="maxLength"/> characters: without control, format, separator, private-use and
    /// unpaired surrogate characters; white space of any kind becomes one space. Text that was cut ends with an
    /// ellipsis.
    /// </summary>
    public static string Clean(string? text, int maxLength = MaxLength)
    {
        var clean = new StringBuilder();
        var isSpacePending = false;
        foreach (var rune in text.AsSpan(0, Math.Min(text?.Length ?? 0, MaxRead)).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                isSpacePending = clean.Length > 0;
            if (!IsPlain(rune))
                continue;
            var room = rune.Utf16SequenceLength + (isSpacePending ? 1 : 0);
            if (clean.Length + room > maxLength)
                return clean.Append('…').ToString();
            if (isSpacePending)
                clean.Append(' ');
            isSpacePending = false;
            clean.Append(rune);
        }

        return text?.Length > MaxRead ? clean.Append('…').ToString() : clean.ToString();
    }

    private static bool IsPlain(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );
}
