using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// The name of a record in the canonical form of <see cref="DomainName"/>: a domain name, or <c>*.</c> and a domain
/// name for a wildcard (RFC 4592).
/// </summary>
[JsonConverter(typeof(StringJsonConverter<Fqdn>))]
internal sealed record Fqdn : IParsable<Fqdn>
{
    private const string Wildcard = "*.";

    private Fqdn(bool isWildcard, DomainName host) => (IsWildcard, Host) = (isWildcard, host);

    /// <summary>
    /// Whether the name is a wildcard: it matches all names below <see cref="Host"/> that do not exist.
    /// </summary>
    public bool IsWildcard { get; }

    /// <summary>The name without the wildcard label.</summary>
    public DomainName Host { get; }

    /// <summary>Parses a name; a final dot is allowed.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out Fqdn name
    )
    {
        name = null;
        if (text is null || !Idn.TryToAscii(text, out var ascii))
            return false;
        var isWildcard = ascii.StartsWith(Wildcard, StringComparison.Ordinal);
        if (!DomainName.TryParse(isWildcard ? ascii[Wildcard.Length..] : ascii, null, out var host))
            return false;
        name = new Fqdn(isWildcard, host);
        return name.IsShortEnough;
    }

    /// <inheritdoc/>
    public static Fqdn Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{s}' is not {DomainName.Shape}.");

    /// <summary>
    /// Combines <paramref name="owner"/> and <paramref name="zone"/>. The result may exceed the maximum length; see
    /// <see cref="IsShortEnough"/>.
    /// </summary>
    public static Fqdn Of(OwnerName owner, DomainName zone) =>
        owner.ToString() switch
        {
            "@" => new Fqdn(false, zone),
            "*" => new Fqdn(true, zone),
            var text when text.StartsWith(Wildcard, StringComparison.Ordinal) => new Fqdn(
                true,
                zone.Prepend(text[Wildcard.Length..])
            ),
            var text => new Fqdn(false, zone.Prepend(text)),
        };

    /// <summary>Whether the length is within the limit of DNS (RFC 1035 section 3.1).</summary>
    public bool IsShortEnough => ToString().Length <= DomainName.MaxLength;

    /// <summary>The name without its first label; null when the name has only one label.</summary>
    /// <remarks>
    /// A method, because the source generator of log messages follows properties recursively, here without end.
    /// </remarks>
    public Fqdn? Parent()
    {
        if (IsWildcard)
            return new Fqdn(false, Host);
        var host = Host.ToString();
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? Parse(host[(dot + 1)..]) : null;
    }

    /// <summary>The owner name relative to <paramref name="zone"/>, which must contain this name.</summary>
    public OwnerName In(DomainName zone)
    {
        if (!Host.IsWithin(zone))
            throw new ArgumentException($"{this} is not within {zone}.", nameof(zone));
        if (Host.Equals(zone))
            return IsWildcard ? OwnerName.Parse("*") : OwnerName.Apex;
        return OwnerName.Parse(ToString()[..^(zone.ToString().Length + 1)]);
    }

    /// <inheritdoc/>
    public override string ToString() => IsWildcard ? Wildcard + Host : Host.ToString();
}
