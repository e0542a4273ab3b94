using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>Converts a response, or its absence, to a fault.</summary>
internal static class UpdateFaults
{
    /// <summary>
    /// The type: the policy of the server does not allow the request, or the server does not have the zone.
    /// </summary>
    public const string Forbidden = "forbidden";

    /// <summary>No response arrived within the time limit.</summary>
    public static ProviderFault Timeout(string what, TimeSpan limit) =>
        new(FaultKind.Transient, "timeout", $"{what}: no answer within {limit.TotalSeconds:0.###} s");

    /// <summary>The server is unreachable, or the connection failed.</summary>
    public static ProviderFault Network(string what, Exception e) =>
        new(FaultKind.Transient, "network", $"{what}: {e.Message}");

    /// <summary>The response is not authentic or not readable. A write may have taken effect.</summary>
    public static ProviderFault Unreadable(string what, string why) =>
        new(FaultKind.Transient, "unreadable", $"{what}: {why}", Unconfirmed: true);

    /// <summary>Another client changed the record before the update.</summary>
    public static ProviderFault Conflict(string what) =>
        new(FaultKind.Transient, "conflict", $"{what}: another client changed the record; reading it again");

    /// <summary>
    /// The fault in a response; null when the response is authentic and reports success or an unmet prerequisite.
    /// </summary>
    public static ProviderFault? Of(string what, DomainName zone, DnsMessage answer, TsigReply tsig, DomainName keyName)
    {
        if (SignatureFault(what, tsig, keyName) is { } signatureFault)
            return signatureFault;
        var notSigned = $"the answer is not signed with the key {keyName}";
        var direction = tsig.Skew < 0 ? "ago" : "ahead of this clock";
        if (tsig.Verdict == TsigVerdict.Invalid)
            return Unreadable(what, notSigned);
        if (tsig.Verdict == TsigVerdict.Untimely)
            return Unreadable(what, $"the answer was signed {Math.Abs(tsig.Skew)} s {direction}: check both clocks");

        var prefix = $"{what}: {answer.Code}";
        return answer.Code switch
        {
            DnsCode.NoError or DnsCode.NxDomain or DnsCode.YxDomain or DnsCode.YxRRset or DnsCode.NxRRset =>
                tsig.Verdict == TsigVerdict.Valid ? null : Unreadable(what, notSigned),
            // A server may reject without a signature: it does not look up the key when it does not have the zone.
            DnsCode.NotAuth or DnsCode.NotZone => NotAuthoritative(prefix, zone),
            DnsCode.Refused => new(
                FaultKind.Persistent,
                Forbidden,
                $"{prefix}. The policy of the server does not allow this for the key {keyName}"
            ),
            DnsCode.ServFail => new(
                FaultKind.Transient,
                "server_error",
                $"{prefix}. The server could not process the message: check its log",
                Unconfirmed: true
            ),
            _ => new(FaultKind.Definitive, "rejected", $"{prefix}. The server rejected the message"),
        };
    }

    /// <summary>The server is not authoritative for the zone.</summary>
    public static ProviderFault NotAuthoritative(string prefix, DomainName zone) =>
        new(
            FaultKind.Persistent,
            ProviderFault.ZoneNotFound,
            $"{prefix}. The server is not authoritative for zone {zone}: check Update:Server and Update:Zones"
        );

    /// <summary>
    /// The fault when the server rejects the signature (RFC 8945 section 5.2). The server can sign this response only
    /// when it has the key.
    /// </summary>
    private static ProviderFault? SignatureFault(string what, TsigReply tsig, DomainName keyName)
    {
        var direction = tsig.Skew < 0 ? "behind" : "ahead of";
        var offset = $"{Math.Abs(tsig.Skew)} s {direction} this one";
        return tsig.Error switch
        {
            TsigError.None => null,
            TsigError.BadSig => Unauthorized(
                $"{what}: BADSIG. The server has another secret for the key {keyName}: check Update:Key"
            ),
            TsigError.BadKey => Unauthorized(
                $"{what}: BADKEY. The server does not have the key {keyName}: "
                    + "check Update:KeyName and Update:KeyAlgorithm"
            ),
            TsigError.BadTime => Unauthorized($"{what}: BADTIME. The server's clock is {offset}: set both clocks"),
            var other => Unauthorized(
                $"{what}: the server rejected the TSIG key {keyName}, TSIG error {(ushort)other}: check the key"
            ),
        };
    }

    private static ProviderFault Unauthorized(string message) => new(FaultKind.Persistent, "unauthorized", message);
}
