namespace Esddns.Operator.Dns;

/// <summary>The TTL range that a DNS provider accepts, in seconds.</summary>
/// <param name="Min">The minimum.</param>
/// <param name="Max">The maximum.</param>
internal sealed record TtlRange(int Min, int Max)
{
    /// <summary>The TTL of a record without a configured TTL, in seconds.</summary>
    public const int Default = 300;

    /// <summary>The full range of RFC 2181 section 8 except 0, which resolvers must not cache.</summary>
    public static TtlRange Any { get; } = new(1, int.MaxValue);

    /// <summary>Whether <paramref name="ttl"/> is in the range.</summary>
    public bool Contains(int ttl) => ttl >= Min && ttl <= Max;

    /// <inheritdoc/>
    public override string ToString() => $"{Min} to {Max} seconds";
}
