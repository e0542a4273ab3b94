using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// A fully qualified domain name (RFC 1035 section 2.3.4) in canonical form: ASCII (A-labels, RFC 5891), lower case, no
/// final dot. Two names are equal when DNS treats them as equal.
/// </summary>
[JsonConverter(typeof(StringJsonConverter<DomainName>))]
internal sealed record DomainName : IParsable<DomainName>
{
    /// <summary>The maximum length in characters.</summary>
    public const int MaxLength = 253;

    /// <summary>The expected form, for error messages.</summary>
    public const string Shape =
        "a domain name like example.com: labels of 1 to 63 letters, digits, hyphens or underscores, 253 "
        + "characters in all";

    private const int MaxLabel = 63;
    private readonly string _text;

    private DomainName(string text) => _text = text;

    /// <summary>Parses a name; a final dot is allowed.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out DomainName name
    )
    {
        name = null;
        if (text is null || !Idn.TryToAscii(text, out var ascii))
            return false;
        var withoutFinalDot = ascii.EndsWith('.') ? ascii[..^1] : ascii;
        if (withoutFinalDot.Length > MaxLength || !withoutFinalDot.Split('.').All(IsLabel))
            return false;
        name = new DomainName(withoutFinalDot);
        return true;
    }

    /// <inheritdoc/>
    public static DomainName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not {Shape}.");

    /// <summary>Whether this name equals <paramref name="zone"/> or is below it, compared label by label.</summary>
    public bool IsWithin(DomainName zone) => Equals(zone) || _text.EndsWith("." + zone._text, StringComparison.Ordinal);

    /// <summary>Prepends <paramref name="labels"/>, which must be in canonical form.</summary>
    internal DomainName Prepend(string labels) => new($"{labels}.{_text}");

    /// <summary>Whether <paramref name="label"/> is a valid label of a host or service name, in lower case.</summary>
    internal static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    /// <inheritdoc/>
    public override string ToString() => _text;
}
