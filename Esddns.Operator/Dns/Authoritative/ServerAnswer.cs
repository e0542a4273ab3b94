namespace Esddns.Operator.Dns.Authoritative;

/// <summary>The response of one authoritative name server of the zone.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Values">The addresses in the response; empty when the server reports that there are none; null for any
/// other response.</param>
/// <param name="Reason">The description of any other response; null when <paramref name="Values"/> is set.</param>
/// <param name="Kind">The kind of response.</param>
/// <param name="Ttl">The TTL of the addresses in seconds. An authoritative server returns the full TTL. Null without
/// addresses.</param>
internal sealed record ServerAnswer(
    string Server,
    AddressSet? Values,
    string? Reason,
    ServerAnswerKind Kind = default,
    int? Ttl = null
)
{
    /// <summary>Whether both responses are equal, ignoring the server.</summary>
    public bool IsLike(ServerAnswer other) =>
        Kind == other.Kind && Equals(Values, other.Values) && Reason == other.Reason && Ttl == other.Ttl;

    /// <inheritdoc/>
    public override string ToString() =>
        (Values, Ttl) switch
        {
            (null, _) => $"{Server} {Reason}",
            (_, null) => $"{Server} answers {Values}",
            _ => $"{Server} answers {Values} with a TTL of {Ttl} s",
        };
}
