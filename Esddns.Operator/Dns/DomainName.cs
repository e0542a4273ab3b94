using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// A fully qualified domain name without its final dot, in ASCII (RFC 1035 section 2.3.4; names of other scripts are converted
/// by RFC 5891). Compared without regard to case, written in the case it came in.
/// </summary>
[JsonConverter(typeof(TextConverter<DomainName>))]
internal sealed class DomainName : IEquatable<DomainName>, IParsable<DomainName>
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;
    private static readonly IdnMapping s_idn = new();
    private readonly string _text;

    private DomainName(string text) => _text = text;

    /// <summary>The name in words an error message can use.</summary>
    public const string Shape = "a domain name like example.com: labels of 1 to 63 letters, digits, hyphens or underscores, 253 characters in all";

    /// <summary>Reads a name; a final dot is allowed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out DomainName name)
    {
        name = null;
        if (string.IsNullOrWhiteSpace(text)) return false;
        text = text.EndsWith('.') ? text[..^1] : text;
        if (!TryAscii(text, out var ascii) || ascii.Length > MaxLength) return false;
        if (!ascii.Split('.').All(IsLabel)) return false;
        name = new DomainName(ascii);
        return true;
    }

    /// <inheritdoc/>
    public static DomainName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not {Shape}.");

    /// <summary>Whether this name is <paramref name="zone"/> or below it, label by label.</summary>
    public bool IsWithin(DomainName zone) =>
        Equals(zone) || _text.EndsWith("." + zone._text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <paramref name="label"/> is one label of a host or service name.</summary>
    internal static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <inheritdoc/>
    public bool Equals(DomainName? other) => string.Equals(_text, other?._text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DomainName);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool TryAscii(string text, out string ascii)
    {
        ascii = text;
        if (text.All(char.IsAscii)) return true;
        try
        {
            ascii = s_idn.GetAscii(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
