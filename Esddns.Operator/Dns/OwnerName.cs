using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// The name of a record relative to its zone: <c>@</c> for the apex, <c>*</c> as the first label for a wildcard (RFC
/// 4592). In one form: ASCII (A-labels, RFC 5891) and lower case. A provider that stores another case keeps it in
/// <see cref="RRset.StoredName"/>.
/// </summary>
[JsonConverter(typeof(StringJsonConverter<OwnerName>))]
internal sealed record OwnerName : IParsable<OwnerName>
{
    /// <summary>The name in words an error message can use.</summary>
    public const string Shape =
        "an owner name relative to its zone: '@' for the zone itself, or labels like 'home', 'a.b' or '*'";

    private readonly string _text;

    private OwnerName(string text) => _text = text;

    /// <summary>The zone's own name.</summary>
    public static OwnerName Apex { get; } = new("@");

    /// <summary>Reads a name relative to its zone.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool IsRelative(string[] labels) => labels[labels[0] == "*" ? 1.. : ..].All(DomainName.IsLabel);
}
