using System.Buffers.Binary;
using System.Security.Cryptography;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>Transaction signatures (RFC 8945): a final record that authenticates the whole message.</summary>
internal sealed class Tsig(DomainName keyName, TsigSecret key, TimeProvider time)
{
    private const ushort Fudge = 300;
    private const int TimeLength = 6;

    /// <summary>Signs a request.</summary>
    /// <returns>The message with its TSIG record, and the MAC, which the signature of the response covers too (section
    /// 5.4.1).</returns>
    public (byte[] Signed, byte[] Mac) Sign(byte[] message)
    {
        var now = Now();
        var mac = key.Sign([.. message, .. Variables(now, Fudge, 0, [])]);
        byte[] data =
        [
            .. DnsName.Write(key.AlgorithmName),
            .. Time(now),
            .. Number(Fudge),
            .. Number((ushort)mac.Length),
            .. mac,
            .. message[..2],
            0,
            0,
            0,
            0,
        ];
        byte[] signed =
        [
            .. message,
            .. Name(),
            0,
            (byte)DnsType.TSIG,
            0,
            (byte)DnsClass.ANY,
            0,
            0,
            0,
            0,
            .. Number((ushort)data.Length),
            .. data,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(
            signed.AsSpan(10),
            (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(10)) + 1)
        );
        return (signed, mac);
    }

    /// <summary>
    /// Verifies that a response to the request with the MAC <paramref name="requestMac"/> comes from the holder of the
    /// key, and is recent.
    /// </summary>
    public TsigReply Verify(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> requestMac)
    {
        if (!TsigRecord.TryFind(answer, out var start, out var read))
            return new TsigReply(TsigVerdict.Unsigned);
        var plain = answer[..start].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(
            plain.AsSpan(10),
            (ushort)(BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(10)) - 1)
        );
        BinaryPrimitives.WriteUInt16BigEndian(plain, read!.OriginalId);
        var variables = Variables(read.Time, read.Fudge, read.Error, read.Other);
        var expected = key.Sign([.. Number((ushort)requestMac.Length), .. requestMac, .. plain, .. variables]);
        // Section 5.2.3: with BADTIME the server returns the time of the request, and adds its own.
        var hasOwnTime = read.Error == (ushort)TsigError.BadTime && read.Other.Length == TimeLength;
        var skew = (hasOwnTime ? TsigRecord.ReadTime(read.Other) : read.Time) - Now();
        return new TsigReply(VerdictOf(read, expected), (TsigError)read.Error, skew);
    }

    private TsigVerdict VerdictOf(TsigRecord read, byte[] expectedMac)
    {
        if (read.Mac.Length == 0)
            return TsigVerdict.Unsigned;
        if (!CryptographicOperations.FixedTimeEquals(expectedMac, read.Mac))
            return TsigVerdict.Invalid;
        return Math.Abs(Now() - read.Time) > Fudge ? TsigVerdict.Untimely : TsigVerdict.Valid;
    }

    /// <summary>The data that is signed in addition to the message (section 4.3.3).</summary>
    private byte[] Variables(long at, ushort fudge, ushort error, byte[] other) =>
        [
            .. Name(),
            0,
            (byte)DnsClass.ANY,
            0,
            0,
            0,
            0,
            .. DnsName.Write(key.AlgorithmName),
            .. Time(at),
            .. Number(fudge),
            .. Number(error),
            .. Number((ushort)other.Length),
            .. other,
        ];

    /// <summary>
    /// The canonical form of the key name: lower case (RFC 4034 section 6.2), like <see cref="DomainName"/>.
    /// </summary>
    private byte[] Name() => DnsName.Write(keyName.ToString());

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private static byte[] Time(long seconds) =>
        [.. Number((ushort)(seconds >> 32)), .. Number((ushort)(seconds >> 16)), .. Number((ushort)seconds)];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];
}
