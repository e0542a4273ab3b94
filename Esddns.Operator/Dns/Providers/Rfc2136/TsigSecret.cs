using System.Security.Cryptography;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>A shared secret; its text never contains the secret.</summary>
internal sealed class TsigSecret(TsigAlgorithm algorithm, byte[] secret)
{
    /// <summary>The algorithm.</summary>
    public TsigAlgorithm Algorithm => algorithm;

    /// <summary>The name of the algorithm on the wire.</summary>
    public string AlgorithmName => algorithm == TsigAlgorithm.HmacSha256 ? "hmac-sha256" : "hmac-sha512";

    /// <summary>Parses a Base64 secret, with optional white space; null when it is invalid.</summary>
    public static TsigSecret? TryRead(TsigAlgorithm algorithm, string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0
            ? new TsigSecret(algorithm, bytes[..length])
            : null;
    }

    /// <summary>Computes the MAC of <paramref name="data"/>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) =>
        algorithm == TsigAlgorithm.HmacSha256 ? HMACSHA256.HashData(secret, data) : HMACSHA512.HashData(secret, data);

    /// <inheritdoc/>
    public override string ToString() => $"{AlgorithmName} ***";
}
