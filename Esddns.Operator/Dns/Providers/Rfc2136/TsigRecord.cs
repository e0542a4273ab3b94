using System.Buffers.Binary;
using Esddns.Operator.Dns.Wire;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>A received TSIG record (RFC 8945 section 4.2).</summary>
/// <param name="Time">The time of signing, in seconds since 1970.</param>
/// <param name="Fudge">The allowed difference of clocks in seconds, set by the signer.</param>
/// <param name="Mac">The MAC; empty when the signer has no key.</param>
/// <param name="OriginalId">The ID of the message when it was signed.</param>
/// <param name="Error">Why the server rejected the signature of the request; see <see cref="TsigError"/>.</param>
/// <param name="Other">With BADTIME, the time of the server.</param>
internal sealed record TsigRecord(long Time, ushort Fudge, byte[] Mac, ushort OriginalId, ushort Error, byte[] Other)
{
    /// <summary>Finds the TSIG record, which must be the last record of the message, and its offset.</summary>
    public static bool TryFind(ReadOnlySpan<byte> message, out int start, out TsigRecord? record)
    {
        record = null;
        return TryFindLast(message, out start) && TryRead(message, start, out record);
    }

    /// <summary>Reads a 48-bit time.</summary>
    public static long ReadTime(ReadOnlySpan<byte> bytes) =>
        ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    /// <summary>Finds the offset of the last record of the additional section.</summary>
    private static bool TryFindLast(ReadOnlySpan<byte> message, out int start)
    {
        start = 0;
        if (message.Length < DnsMessage.HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(message[10..]) == 0)
            return false;
        var at = DnsMessage.HeaderLength;
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message[4..]); i > 0; i--)
        {
            if (!DnsName.TryRead(message, ref at, out _))
                return false;
            at += 4;
        }

        var records =
            BinaryPrimitives.ReadUInt16BigEndian(message[6..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[8..])
            + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        for (; records > 0; records--)
        {
            start = at;
            if (at > message.Length || !DnsName.TryRead(message, ref at, out _) || at + 10 > message.Length)
                return false;
            at += 10 + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        }

        return at == message.Length;
    }

    private static bool TryRead(ReadOnlySpan<byte> message, int at, out TsigRecord? record)
    {
        record = null;
        if (
            !DnsName.TryRead(message, ref at, out _)
            || (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != DnsType.TSIG
        )
            return false;
        at += 10;
        if (!DnsName.TryRead(message, ref at, out _) || at + 10 > message.Length)
            return false;
        var rest = message[at..];
        var (seconds, fudge) = (ReadTime(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[6..]));
        var size = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (10 + size + 6 > rest.Length)
            return false;
        var mac = rest.Slice(10, size).ToArray();
        rest = rest[(10 + size)..];
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
        if (6 + length > rest.Length)
            return false;
        var (originalId, error) = (
            BinaryPrimitives.ReadUInt16BigEndian(rest),
            BinaryPrimitives.ReadUInt16BigEndian(rest[2..])
        );
        record = new TsigRecord(seconds, fudge, mac, originalId, error, rest.Slice(6, length).ToArray());
        return true;
    }
}
