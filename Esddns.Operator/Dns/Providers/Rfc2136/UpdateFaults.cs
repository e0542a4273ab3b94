using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>From an answer, or its absence, to what went wrong and what helps.</summary>
internal static class UpdateFaults
{
    /// <summary>
    /// The type of a fault that says that the server's policy does not allow something, or that it has no such zone.
    /// </summary>
    public const string Forbidden = "forbidden";

    /// <summary>No answer came in time.</summary>
    public static ProviderFault Timeout(string what, TimeSpan limit) =>
        new(FaultKind.Transient, "timeout", $"{what}: no answer within {limit.TotalSeconds:0.###} s");

    /// <summary>The server cannot be reached, or the connection broke.</summary>
    public static ProviderFault Network(string what, Exception e) =>
        new(FaultKind.Transient, "network", $"{what}: {e.Message}");

    /// <summary>The answer is not to be believed, or cannot be understood. A write may have taken effect.</summary>
    public static ProviderFault Unreadable(string what, string why) =>
        new(FaultKind.Transient, "unreadable", $"{what}: {why}", Unconfirmed: true);

    /// <summary>Somebody else was faster.</summary>
    public static ProviderFault Conflict(string what) =>
        new(FaultKind.Transient, "conflict", $"{what}: somebody else changed the record meanwhile; it is read again");

    /// <summary>
    /// Why the answer is none; null when it is the server's, and says how things are or that it was done.
    /// </summary>
    public static ProviderFault? Of(string what, DomainName zone, DnsMessage answer, TsigReply tsig, DomainName keyName)
    {
        if (NotTaken(what, tsig, keyName) is { } notTaken)
            return notTaken;
        var notSigned = $"the answer is not signed with the key {keyName}";
        var isAgo = tsig.Skew < 0 ? "ago" : "ahead of this clock";
        if (tsig.Verdict == TsigVerdict.Invalid)
            return Unreadable(what, notSigned);
        if (tsig.Verdict == TsigVerdict.Untimely)
            return Unreadable(what, $"the answer was signed {Math.Abs(tsig.Skew)} s {isAgo}: check both clocks");

        var said = $"{what}: {answer.Code}";
        return answer.Code switch
        {
            DnsCode.NoError or DnsCode.NxDomain or DnsCode.YxDomain or DnsCode.YxRRset or DnsCode.NxRRset =>
                tsig.Verdict == TsigVerdict.Valid ? null : Unreadable(what, notSigned),
            // A server may refuse without a signature: it does not look for the key when it has no such zone.
            DnsCode.NotAuth or DnsCode.NotZone => NotAuthoritative(said, zone),
            DnsCode.Refused => new(
                FaultKind.Persistent,
                Forbidden,
                $"{said}. The server's policy does not allow this to the key {keyName}"
            ),
            DnsCode.ServFail => new(
                FaultKind.Transient,
                "server_error",
                $"{said}. The server could not do it",
                Unconfirmed: true
            ),
            _ => new(FaultKind.Definitive, "rejected", $"{said}. The server rejects the message"),
        };
    }

    /// <summary>The server does not have the zone.</summary>
    public static ProviderFault NotAuthoritative(string said, DomainName zone) =>
        new(
            FaultKind.Persistent,
            ProviderFault.ZoneNotFound,
            $"{said}. The server is not authoritative for zone {zone}: check Update:Server and Update:Zones"
        );

    /// <summary>
    /// The server reports what is wrong with our signature (RFC 8945 section 5.2). It can sign that only when it knows
    /// the key.
    /// </summary>
    private static ProviderFault? NotTaken(string what, TsigReply tsig, DomainName keyName)
    {
        var isAway = $"{Math.Abs(tsig.Skew)} s {(tsig.Skew < 0 ? "behind" : "ahead of")} this one";
        return tsig.Error switch
        {
            TsigError.None => null,
            TsigError.BadSig => Unauthorized(
                $"{what}: BADSIG. The server has another secret for the key {keyName}: check Update:Key"
            ),
            TsigError.BadKey => Unauthorized(
                $"{what}: BADKEY. The server does not know the key {keyName}: "
                    + "check Update:KeyName and Update:KeyAlgorithm"
            ),
            TsigError.BadTime => Unauthorized($"{what}: BADTIME. The server's clock is {isAway}: set both clocks"),
            var other => Unauthorized(
                $"{what}: the server does not take the signature, TSIG error {(ushort)other}: check the key {keyName}"
            ),
        };
    }

    private static ProviderFault Unauthorized(string message) => new(FaultKind.Persistent, "unauthorized", message);
}
