using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// The owner name of a record relative to its zone: <c>@</c> for the apex, <c>*</c> as the first label for a wildcard
/// (RFC 4592). Canonical form: ASCII (A-labels, RFC 5891), lower case. When a provider stores another case,
/// <see cref="RRset.StoredName"/> keeps it.
/// </summary>
[JsonConverter(typeof(StringJsonConverter<OwnerName>))]
internal sealed record OwnerName : IParsable<OwnerName>
{
    /// <summary>The expected form, for error messages.</summary>
    public const string Shape =
        "an owner name relative to its zone: '@' for the zone itself, or labels like 'home', 'a.b' or '*'";

    private readonly string _text;

    private OwnerName(string text) => _text = text;

    /// <summary>The apex of the zone.</summary>
    public static OwnerName Apex { get; } = new("@");

    /// <summary>Parses a name relative to its zone.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out OwnerName name
    )
    {
        name =
            text is not null && Idn.TryToAscii(text, out var ascii) && (ascii == "@" || IsRelative(ascii.Split('.')))
                ? new OwnerName(ascii)
                : null;
        return name is not null;
    }

    /// <inheritdoc/>
    public static OwnerName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not {Shape}.");

    /// <summary>
    /// The mistake of this name in a zone, and its correction; null when there is none. A name that ends with the zone
    /// would be published with the zone twice.
    /// </summary>
    public string? MistakeIn(DomainName zone)
    {
        var host = _text.StartsWith("*.", StringComparison.Ordinal) ? _text[2..] : _text;
        if (DomainName.TryParse(host, null, out var whole) && whole.IsWithin(zone))
            return $"'{_text}' ends with the zone {zone}; write only the part before it, or @ for the zone itself";
        return Fqdn.Of(this, zone).IsShortEnough
            ? null
            : $"with the zone it is longer than {DomainName.MaxLength} characters; write a shorter one";
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool IsRelative(string[] labels) => labels[labels[0] == "*" ? 1.. : ..].All(DomainName.IsLabel);
}
