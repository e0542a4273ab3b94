namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The recommended algorithms of RFC 8945 section 6.</summary>
internal enum TsigAlgorithm
{
    /// <summary>hmac-sha256.</summary>
    HmacSha256,

    /// <summary>hmac-sha512.</summary>
    HmacSha512,
}
