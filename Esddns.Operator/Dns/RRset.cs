using System.Collections.Immutable;

namespace Esddns.Operator.Dns;

/// <summary>All records of one name and type (RFC 2181 section 5).</summary>
/// <param name="Key">The zone, owner name and type.</param>
/// <param name="Ttl">The TTL in seconds.</param>
/// <param name="Values">The addresses.</param>
/// <param name="Href">The URL of the RRset in the API of the provider, when known.</param>
internal sealed record RRset(RecordKey Key, int Ttl, AddressSet Values, string? Href = null)
{
    /// <summary>
    /// The owner name as the provider stores it, when the provider finds the record only in that spelling; else null.
    /// </summary>
    public string? StoredName { get; init; }

    /// <summary>
    /// Values that the operator does not parse, because they are not addresses in canonical form; the text of the
    /// provider. The operator never owns such a value, and writes it back unchanged.
    /// </summary>
    public ImmutableArray<string> Unparsed
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// The reason why the RRset must not be replaced, e.g. because a part of it was not readable and would be lost.
    /// Null when it may be replaced.
    /// </summary>
    public string? Unwritable { get; init; }

    /// <summary>Whether the RRset has no values. Writing an empty RRset removes it.</summary>
    public bool IsEmpty => Values.Count == 0 && Unparsed.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(RRset? other) =>
        other is not null
        && (Key, Ttl, Href) == (other.Key, other.Ttl, other.Href)
        && (StoredName, Unwritable) == (other.StoredName, other.Unwritable)
        && Values.Equals(other.Values)
        && Unparsed.SequenceEqual(other.Unparsed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Ttl, Values);
}
