namespace Esddns.Operator.Dns.Update;

/// <summary>How to reach a name server that takes dynamic updates (RFC 2136).</summary>
internal sealed record UpdateOptions
{
    /// <summary>The primary name server, <c>dns://host:port</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The zones that it lets us change.</summary>
    public required IReadOnlyList<DomainName> Zones { get; init; }

    /// <summary>The name of the TSIG key (RFC 8945).</summary>
    public required DomainName KeyName { get; init; }

    /// <summary>The key itself.</summary>
    public required TsigSecret Key { get; init; }

    /// <summary>For one exchange. 1 s to 5 min, default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>The algorithms of RFC 8945 section 6 that are recommended.</summary>
internal enum TsigAlgorithm
{
    /// <summary>hmac-sha256.</summary>
    HmacSha256,

    /// <summary>hmac-sha512.</summary>
    HmacSha512,
}

/// <summary>A shared secret; it never prints itself.</summary>
internal sealed class TsigSecret(TsigAlgorithm algorithm, byte[] secret)
{
    /// <summary>The algorithm's name on the wire.</summary>
    public string AlgorithmName => algorithm == TsigAlgorithm.HmacSha256 ? "hmac-sha256" : "hmac-sha512";

    /// <summary>The code that authenticates <paramref name="data"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => algorithm == TsigAlgorithm.HmacSha256
        ? System.Security.Cryptography.HMACSHA256.HashData(secret, data)
        : System.Security.Cryptography.HMACSHA512.HashData(secret, data);

    /// <inheritdoc/>
    public override string ToString() => $"{AlgorithmName} ***";
}
