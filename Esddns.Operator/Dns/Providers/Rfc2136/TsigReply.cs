namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The result of verifying the signature of a response (RFC 8945 section 5.3).</summary>
internal enum TsigVerdict
{
    /// <summary>
    /// The response is not signed. A server without the key cannot sign, so an unsigned response confirms nothing.
    /// </summary>
    Unsigned,

    /// <summary>The signature was not made with the key, or the response was changed in transit.</summary>
    Invalid,

    /// <summary>The signature was made with the key, but its time differs too much: it may be a replay.</summary>
    Untimely,

    /// <summary>The response is authentic.</summary>
    Valid,
}

/// <summary>
/// The TSIG errors of RFC 8945 section 3: the reason why a server rejects the signature of a request.
/// </summary>
internal enum TsigError : ushort
{
    None = 0,
    BadSig = 16,
    BadKey = 17,
    BadTime = 18,
    BadTrunc = 22,
}

/// <summary>The verified signature of a response.</summary>
/// <param name="Verdict">The result of the verification.</param>
/// <param name="Error">Why the server rejected the signature of the request.</param>
/// <param name="Skew">How far the clock of the server is ahead of the clock of this host, in seconds. It is computed
/// from the time that the server reports, or from the time of its signature.</param>
internal sealed record TsigReply(TsigVerdict Verdict, TsigError Error = TsigError.None, long Skew = 0);
