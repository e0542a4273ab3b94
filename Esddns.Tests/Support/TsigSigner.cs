using System.Buffers.Binary;
using System.Security.Cryptography;
using Esddns.Simulator.Dns;

namespace Esddns.Tests.Support;

/// <summary>Signs responses as a server does (RFC 8945, HMAC-SHA256), independently of the operator's code.</summary>
internal sealed class TsigSigner(string keyName, byte[] secret)
{
    private const int HeaderLength = 12;

    /// <summary>Signs the response to a signed request.</summary>
    /// <param name="request">The request, with its TSIG record.</param>
    /// <param name="reply">The response, without a TSIG record.</param>
    /// <param name="at">The signing time.</param>
    /// <param name="error">The TSIG error; 0 for none.</param>
    /// <param name="other">The Other Data field (RFC 8945 section 4.2).</param>
    public byte[] Sign(byte[] request, byte[] reply, DateTimeOffset at, ushort error = 0, byte[]? other = null)
    {
        byte[] name = DnsAnswer.Name(keyName),
            algorithm = DnsAnswer.Name("hmac-sha256"),
            time = Time(at);
        other ??= [];
        byte[] end = [.. Number(error), .. Number(other.Length), .. other];
        byte[] variables = [.. name, 0, 255, 0, 0, 0, 0, .. algorithm, .. time, 1, 44, .. end];
        var mac = HMACSHA256.HashData(secret, (byte[])[0, 32, .. RequestMac(request), .. reply, .. variables]);
        byte[] data = [.. algorithm, .. time, 1, 44, 0, 32, .. mac, .. request[..2], .. end];
        byte[] signed = [.. reply, .. name, 0, 250, 0, 255, 0, 0, 0, 0, .. Number(data.Length), .. data];
        signed[11]++;
        return signed;
    }

    /// <summary>A time as 48 bits.</summary>
    public static byte[] Time(DateTimeOffset at)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeSeconds());
        return bytes[2..];
    }

    /// <summary>The MAC of the request. With this key, it has 32 bytes at a fixed offset from the end.</summary>
    private static byte[] RequestMac(byte[] request)
    {
        Assert.True(request.Length > HeaderLength + 38);
        return request[^38..^6];
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
