using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// The name of a record relative to its zone: <c>@</c> for the apex, <c>*</c> as the first label for a wildcard (RFC 4592).
/// Compared without regard to case; the case is kept, because LiveDNS finds a record only in the case in which it is stored.
/// </summary>
[JsonConverter(typeof(TextConverter<OwnerName>))]
internal sealed class OwnerName : IEquatable<OwnerName>, IParsable<OwnerName>
{
    private readonly string _text;

    private OwnerName(string text) => _text = text;

    /// <summary>The zone's own name.</summary>
    public static OwnerName Apex { get; } = new("@");

    /// <summary>The name in words an error message can use.</summary>
    public const string Shape = "an owner name relative to its zone: '@' for the zone itself, or labels like 'home', 'a.b' or '*'";

    /// <summary>Reads a name relative to its zone.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out OwnerName name)
    {
        name = null;
        if (string.IsNullOrEmpty(text)) return false;
        if (text == "@")
        {
            name = Apex;
            return true;
        }

        var labels = text.Split('.');
        if (!labels[labels[0] == "*" ? 1..^0 : 0..^0].All(DomainName.IsLabel)) return false;
        name = new OwnerName(text);
        return true;
    }

    /// <inheritdoc/>
    public static OwnerName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not {Shape}.");

    /// <summary>The name of <paramref name="fqdn"/> within <paramref name="zone"/>.</summary>
    public static OwnerName Of(DomainName fqdn, DomainName zone)
    {
        if (!fqdn.IsWithin(zone)) throw new ArgumentException($"{fqdn} is not within {zone}.", nameof(fqdn));
        return fqdn.Equals(zone) ? Apex : new OwnerName(fqdn.ToString()[..^(zone.ToString().Length + 1)]);
    }

    /// <inheritdoc/>
    public bool Equals(OwnerName? other) => string.Equals(_text, other?._text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OwnerName);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <inheritdoc/>
    public override string ToString() => _text;
}
