using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Esddns.Simulator.Net;
using Esddns.Simulator.Wan;

namespace Esddns.Simulator.Stun;

/// <summary>A STUN server (RFC 8489) that reports the simulated WAN address to every client.</summary>
internal sealed class StunResponder(WanAddresses wan) : IResponder
{
    private const int HeaderLength = 20;
    private const uint MagicCookie = 0x2112A442;
    private const uint FingerprintMask = 0x5354554E;

    /// <inheritdoc/>
    public (string Udp, string Tcp) Services => ("stun-udp", "stun-tcp");

    /// <inheritdoc/>
    public byte[]? Answer(ReadOnlySpan<byte> message, IPEndPoint from, bool overTcp, IPAddress? wrongAddress)
    {
        if (!IsBindingRequest(message))
            return null;
        var unknown = UnknownAttributes(message[HeaderLength..]);
        if (unknown is null)
            return null;
        var transactionId = message[8..HeaderLength];
        if (unknown.Count > 0)
            return UnknownAttributeError(transactionId, unknown);
        return (wrongAddress ?? wan.Of(from.AddressFamily)) is { } address
            ? Success(transactionId, new IPEndPoint(address, from.Port))
            : null;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        if (await stream.ReadAtLeastAsync(header, HeaderLength, false, cancellationToken) < HeaderLength)
            return null;
        var message = new byte[HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2))];
        header.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(HeaderLength), cancellationToken);
        return message;
    }

    /// <inheritdoc/>
    public byte[] Frame(byte[] answer) => answer;

    private static bool IsBindingRequest(ReadOnlySpan<byte> message) =>
        message.Length >= HeaderLength
        && BinaryPrimitives.ReadUInt16BigEndian(message) == 0x0001
        && BinaryPrimitives.ReadUInt16BigEndian(message[2..]) == message.Length - HeaderLength
        && BinaryPrimitives.ReadUInt32BigEndian(message[4..]) == MagicCookie;

    /// <summary>
    /// The comprehension-required attributes (section 6.3.1), all of them unknown to this server; null for a malformed
    /// message.
    /// </summary>
    private static List<ushort>? UnknownAttributes(ReadOnlySpan<byte> rest)
    {
        var unknown = new List<ushort>();
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4)
                return null;
            var type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var padded = 4 + (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) + 3) / 4 * 4;
            if (padded > rest.Length)
                return null;
            if (type < 0x8000)
                unknown.Add(type);
            rest = rest[padded..];
        }

        return unknown;
    }

    private static byte[] Success(ReadOnlySpan<byte> transactionId, IPEndPoint endpoint)
    {
        var mask = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, MagicCookie);
        transactionId.CopyTo(mask.AsSpan(4));
        var address = endpoint.Address.GetAddressBytes();
        var value = new byte[4 + address.Length];
        value[1] = (byte)(endpoint.AddressFamily == AddressFamily.InterNetwork ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(2), (ushort)(endpoint.Port ^ (MagicCookie >> 16)));
        for (var i = 0; i < address.Length; i++)
            value[4 + i] = (byte)(address[i] ^ mask[i]);
        return Message(0x0101, transactionId, (0x0020, value), (0x8022, "esddns-simulator"u8.ToArray()));
    }

    private static byte[] UnknownAttributeError(ReadOnlySpan<byte> transactionId, List<ushort> unknown)
    {
        var list = new byte[unknown.Count * 2];
        for (var i = 0; i < unknown.Count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(i * 2), unknown[i]);
        return Message(0x0111, transactionId, (0x0009, [0, 0, 4, 20, .. "Unknown Attribute"u8]), (0x000A, list));
    }

    /// <summary>Writes a message that ends with FINGERPRINT (section 14.7).</summary>
    private static byte[] Message(
        ushort type,
        ReadOnlySpan<byte> transactionId,
        params (ushort Type, byte[] Value)[] attributes
    )
    {
        var length = attributes.Sum(a => 4 + (a.Value.Length + 3) / 4 * 4) + 8;
        var message = new byte[HeaderLength + length];
        BinaryPrimitives.WriteUInt16BigEndian(message, type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), MagicCookie);
        transactionId.CopyTo(message.AsSpan(8));
        var at = HeaderLength;
        foreach (var (attribute, value) in attributes)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), attribute);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), (ushort)value.Length);
            value.CopyTo(message, at + 4);
            at += 4 + (value.Length + 3) / 4 * 4;
        }

        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), 0x8028);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), 4);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(at + 4), Crc32(message.AsSpan(0, at)) ^ FingerprintMask);
        return message;
    }

    /// <summary>The CRC-32 of ITU V.42, which FINGERPRINT uses.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }
}
