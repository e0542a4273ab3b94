using System.Globalization;
using System.Text;

namespace Esddns.Text;

/// <summary>
/// Cleans text from outside (servers, headers, objects of the cluster) at the point of entry. Such text cannot inject
/// control characters into logs, pages, metrics or state, or flood them.
/// </summary>
public static class UntrustedText
{
    /// <summary>The default maximum length of the result, in characters.</summary>
    public const int MaxLength = 300;

    /// <summary>The maximum number of characters to read from the input.</summary>
    private const int MaxRead = 64 * MaxLength;

    /// <summary>
    /// Returns one line of at most <paramref name="maxLength"/> characters. It has no control, format, separator,
    /// private-use or unpaired surrogate characters. Each run of white space becomes one space. Truncated text ends
    /// with an ellipsis.
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
            var added = rune.Utf16SequenceLength + (isSpacePending ? 1 : 0);
            if (clean.Length + added > maxLength)
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
