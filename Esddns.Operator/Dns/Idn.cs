using System.Globalization;
using System.Text;

namespace Esddns.Operator.Dns;

/// <summary>
/// Internationalised domain names: maps all spellings of a name to one A-label form (RFC 5891). The mapping is that of
/// RFC 5895: lower case, full-width letters and ideographic full stops. Rejects characters with several spellings that
/// cannot be mapped to one.
/// </summary>
internal static class Idn
{
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';
    private const char FullWidthOffset = (char)(FirstFullWidth - '!');
    private static readonly IdnMapping s_mapping = new();

    /// <summary>
    /// Converts the text to lower-case ASCII; false when it contains characters that are not allowed in names (RFC
    /// 5892).
    /// </summary>
    public static bool TryToAscii(string text, out string ascii)
    {
        ascii = string.Create(
            text.Length,
            text,
            static (mapped, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                    mapped[i] = Map(from[i]);
            }
        );
        if (Ascii.IsValid(ascii))
            return true;
        if (!ascii.EnumerateRunes().All(r => r.IsAscii || IsPermitted(r)))
            return false;
        try
        {
            ascii = s_mapping.GetAscii(ascii);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static char Map(char c) =>
        c switch
        {
            // RFC 3490 section 3.1: full stops of other scripts are dots. The range below includes the full-width full
            // stop.
            '\u3002' or '\uFF61' => '.',
            >= FirstFullWidth and <= LastFullWidth => char.ToLowerInvariant((char)(c - FullWidthOffset)),
            _ => char.ToLowerInvariant(c),
        };

    /// <summary>
    /// Whether the character is a letter, mark or digit in composed, plain form. Invariant globalization cannot compose
    /// text. So combining marks that have composed letters, conjoining jamo and compatibility forms are rejected;
    /// otherwise they would form a different name that looks equal.
    /// </summary>
    private static bool IsPermitted(Rune rune) =>
        rune.Value switch
        {
            >= 0x0300 and <= 0x036F or 0x3099 or 0x309A => false,
            >= 0x1100 and <= 0x11FF or >= 0xA960 and <= 0xA97F or >= 0xD7B0 and <= 0xD7FF or 0x3164 => false,
            >= 0xF900 and <= 0xFFEF => false,
            >= 0x1D400 and <= 0x1D7FF or >= 0x2F800 and <= 0x2FA1F or >= 0xE0000 and <= 0xE0FFF => false,
            _ => Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.LowercaseLetter
                    or UnicodeCategory.OtherLetter
                    or UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.DecimalDigitNumber,
        };
}
