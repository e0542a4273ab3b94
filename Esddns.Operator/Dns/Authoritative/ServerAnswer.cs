namespace Esddns.Operator.Dns.Authoritative;

/// <summary>What kind of answer a name server gave.</summary>
internal enum ServerAnswerKind
{
    /// <summary>
    /// None that counts: silence, a failure, something that cannot be understood. What it serves is not known.
    /// </summary>
    Unknown,

    /// <summary>The records that the zone has at the name; none, when it has none.</summary>
    Records,

    /// <summary>The name is an alias of another one.</summary>
    Alias,

    /// <summary>The name is in another zone: delegated, or in one of the same server.</summary>
    OtherZone,

    /// <summary>The server is not responsible for the zone.</summary>
    NotResponsible,
}

/// <summary>What one of the zone's name servers answers.</summary>
/// <param name="Server">Which one.</param>
/// <param name="Values">The addresses it gives; empty when it says that there are none, null when it gave no such
/// answer.</param>
/// <param name="Reason">What it answered instead; null when it gave addresses, or none.</param>
/// <param name="Kind">What kind of answer it is.</param>
/// <param name="Ttl">The time to live of the addresses in seconds; an authority gives the whole one. Null without
/// addresses.</param>
internal sealed record ServerAnswer(
    string Server,
    AddressSet? Values,
    string? Reason,
    ServerAnswerKind Kind = default,
    int? Ttl = null
)
{
    /// <summary>Whether it is the same but for the server.</summary>
    public bool IsLike(ServerAnswer other) =>
        Kind == other.Kind && Equals(Values, other.Values) && Reason == other.Reason && Ttl == other.Ttl;

    /// <inheritdoc/>
    public override string ToString() =>
        Values is null ? $"{Server} {Reason}"
        : Ttl is null ? $"{Server} answers {Values}"
        : $"{Server} answers {Values} with a TTL of {Ttl} s";
}
