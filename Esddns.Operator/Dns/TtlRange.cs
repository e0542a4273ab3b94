namespace Esddns.Operator.Dns;

/// <summary>The times to live that a DNS provider takes, in seconds.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
internal sealed record TtlRange(int Min, int Max)
{
    /// <summary>What a record gets that names none, in seconds.</summary>
    public const int Default = 300;

    /// <summary>All that RFC 2181 section 8 allows, but for 0, which no resolver may keep.</summary>
    public static TtlRange Any { get; } = new(1, int.MaxValue);

    /// <summary>Whether it takes <paramref name="ttl"/>.</summary>
    public bool Contains(int ttl) => ttl >= Min && ttl <= Max;

    /// <inheritdoc/>
    public override string ToString() => $"{Min} to {Max} seconds";
}
