using System.Buffers.Binary;
using System.Security.Cryptography;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Update;

/// <summary>Transaction signatures (RFC 8945): a last record that authenticates the whole message.</summary>
internal sealed class Tsig(UpdateOptions options, TimeProvider time)
{
    private const ushort Fudge = 300;

    /// <summary>Signs a request.</summary>
    /// <returns>The message with its TSIG record, and the code, which the answer's signature covers too (section 5.4.1).</returns>
    public (byte[] Signed, byte[] Mac) Sign(byte[] message)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var mac = options.Key.Sign([.. message, .. Variables(now, Fudge, 0, [])]);
        byte[] data =
        [
            .. DnsName.Write(options.Key.AlgorithmName), .. Time(now), .. Number(Fudge), .. Number((ushort)mac.Length), .. mac,
            .. message[..2], 0, 0, 0, 0,
        ];
        byte[] signed = [.. message, .. Name(), 0, (byte)DnsType.TSIG, 0, (byte)DnsClass.ANY, 0, 0, 0, 0, .. Number((ushort)data.Length), .. data];
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(10), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(10)) + 1));
        return (signed, mac);
    }

    /// <summary>Whether an answer to a request with the code <paramref name="requestMac"/> comes from the holder of the key, and now.</summary>
    public bool IsValid(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> requestMac)
    {
        if (!TryFindLast(answer, out var start) || !TryReadData(answer, start, out var read)) return false;
        var plain = answer[..start].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(10), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(10)) - 1));
        BinaryPrimitives.WriteUInt16BigEndian(plain, read.OriginalId);
        var expected = options.Key.Sign([.. Number((ushort)requestMac.Length), .. requestMac, .. plain, .. Variables(read.Time, read.Fudge, read.Error, read.Other)]);
        return CryptographicOperations.FixedTimeEquals(expected, read.Mac)
            && Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - read.Time) <= read.Fudge;
    }

    /// <summary>What is signed besides the message (section 4.3.3).</summary>
    private byte[] Variables(long at, ushort fudge, ushort error, byte[] other) =>
        [.. Name(), 0, (byte)DnsClass.ANY, 0, 0, 0, 0, .. DnsName.Write(options.Key.AlgorithmName), .. Time(at), .. Number(fudge), .. Number(error), .. Number((ushort)other.Length), .. other];

#pragma warning disable CA1308 // The canonical form of a name is in lower case (RFC 4034 section 6.2).
    private byte[] Name() => DnsName.Write(options.KeyName.ToString().ToLowerInvariant());
#pragma warning restore CA1308

    private static byte[] Time(long seconds) => [.. Number((ushort)(seconds >> 32)), .. Number((ushort)(seconds >> 16)), .. Number((ushort)seconds)];

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    /// <summary>Where the last record of the additional section begins.</summary>
    private static bool TryFindLast(ReadOnlySpan<byte> message, out int start)
    {
        start = 0;
        if (message.Length < DnsMessage.HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(message[10..]) == 0) return false;
        var at = DnsMessage.HeaderLength;
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message[4..]); i > 0; i--)
        {
            if (!DnsName.TryRead(message, ref at, out _)) return false;
            at += 4;
        }

        var records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]) + BinaryPrimitives.ReadUInt16BigEndian(message[8..]) + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        for (; records > 0; records--)
        {
            start = at;
            if (at > message.Length || !DnsName.TryRead(message, ref at, out _) || at + 10 > message.Length) return false;
            at += 10 + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        }

        return at == message.Length;
    }

    private static bool TryReadData(ReadOnlySpan<byte> message, int at, out (long Time, ushort Fudge, byte[] Mac, ushort OriginalId, ushort Error, byte[] Other) read)
    {
        read = default;
        if (!DnsName.TryRead(message, ref at, out _) || (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != DnsType.TSIG) return false;
        at += 10;
        if (!DnsName.TryRead(message, ref at, out _) || at + 10 > message.Length) return false;
        var rest = message[at..];
        var seconds = ((long)BinaryPrimitives.ReadUInt16BigEndian(rest) << 32) | BinaryPrimitives.ReadUInt32BigEndian(rest[2..]);
        var fudge = BinaryPrimitives.ReadUInt16BigEndian(rest[6..]);
        var size = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (10 + size + 6 > rest.Length) return false;
        var mac = rest.Slice(10, size).ToArray();
        rest = rest[(10 + size)..];
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
        if (6 + length > rest.Length) return false;
        read = (seconds, fudge, mac, BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), rest.Slice(6, length).ToArray());
        return true;
    }
}
