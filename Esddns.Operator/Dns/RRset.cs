using System.Collections.Immutable;

namespace Esddns.Operator.Dns;

/// <summary>All records of one name and type (RFC 2181 section 5).</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Ttl">Time to live, in seconds.</param>
/// <param name="Values">The addresses.</param>
/// <param name="Href">Where the provider's API has it, when known.</param>
internal sealed record RRset(RecordKey Key, int Ttl, AddressSet Values, string? Href = null)
{
    /// <summary>
    /// The owner name in the case in which the provider stores it, when it finds records only in that case; else null.
    /// </summary>
    public string? StoredName { get; init; }

    /// <summary>
    /// Values that are no address in its usual form, as the provider has them. They are never ours, and are written
    /// back as they are.
    /// </summary>
    public ImmutableArray<string> Unread
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>
    /// Why it must not be replaced, as when what was read of it is not all there is to it: nothing that was not
    /// understood may be lost. Null when it may.
    /// </summary>
    public string? Unwritable { get; init; }

    /// <summary>Whether nothing is in it, which is how an RRset is written that is to be removed.</summary>
    public bool IsEmpty => Values.Count == 0 && Unread.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(RRset? other) =>
        other is not null
        && (Key, Ttl, Href) == (other.Key, other.Ttl, other.Href)
        && (StoredName, Unwritable) == (other.StoredName, other.Unwritable)
        && Values.Equals(other.Values)
        && Unread.SequenceEqual(other.Unread);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Ttl, Values);
}
