using System.Buffers.Binary;
using System.Net;
using System.Text;
using Esddns.Text;

namespace Esddns.Operator.Discovery.Stun;

/// <summary>
/// The STUN wire format (RFC 8489 section 5): a header of 20 bytes, then attributes padded to 4.
/// <code>type(2) length(2) cookie(4) transaction ID(12) | type(2) length(2) value …</code>
/// </summary>
internal static class StunMessage
{
    /// <summary>The length of the header in bytes.</summary>
    public const int HeaderLength = 20;

    /// <summary>The length of a transaction ID in bytes.</summary>
    public const int TransactionIdLength = 12;

    private const uint MagicCookie = 0x2112A442;
    private const ushort BindingRequest = 0x0001;
    private const ushort BindingSuccess = 0x0101;
    private const ushort BindingError = 0x0111;
    private const ushort MappedAddress = 0x0001;
    private const ushort ErrorCode = 0x0009;
    private const ushort XorMappedAddress = 0x0020;
    private const ushort FirstOptional = 0x8000;
    private const int MaxReason = 127;

    /// <summary>Writes a Binding request without attributes.</summary>
    /// <param name="message">The destination, at least <see cref="HeaderLength"/> bytes.</param>
    /// <param name="transactionId">A cryptographically random ID, so that an off-path attacker cannot forge a
    /// response.</param>
    public static void WriteBindingRequest(Span<byte> message, ReadOnlySpan<byte> transactionId)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, BindingRequest);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], MagicCookie);
        transactionId.CopyTo(message[8..HeaderLength]);
    }

    /// <summary>Reads from a STUN header how many bytes follow it; false when it is not a STUN header.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> header, out int length)
    {
        length = 0;
        if (header.Length < HeaderLength || header[0] >= 0x40)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(header[4..]) != MagicCookie)
            return false;
        length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        return length % 4 == 0;
    }

    /// <summary>
    /// Reads the response to the request with this transaction ID. False for every other message, which the caller
    /// drops: another transaction, malformed, or with an unknown comprehension-required attribute (section 6.3.3).
    /// </summary>
    public static bool TryReadBindingResponse(
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> transactionId,
        out StunReply? reply
    )
    {
        reply = null;
        if (!TryReadLength(message, out var length) || message.Length != HeaderLength + length)
            return false;
        if (!message[8..HeaderLength].SequenceEqual(transactionId))
            return false;
        var type = BinaryPrimitives.ReadUInt16BigEndian(message);
        if (type is not (BindingSuccess or BindingError))
            return false;

        IPEndPoint? mapped = null,
            xorMapped = null;
        StunReply.Error? error = null;
        // The message and its attributes are multiples of four bytes, so the rest holds at least one attribute header.
        for (var rest = message[HeaderLength..]; !rest.IsEmpty; )
        {
            var attribute = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var size = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            var padded = 4 + (size + 3) / 4 * 4;
            if (padded > rest.Length)
                return false;
            var value = rest.Slice(4, size);
            switch (attribute)
            {
                // When an attribute type occurs several times, only the first counts (section 14).
                case XorMappedAddress when xorMapped is null:
                    if (!TryReadAddress(value, message[4..HeaderLength], out xorMapped))
                        return false;
                    break;
                case MappedAddress when mapped is null:
                    if (!TryReadAddress(value, default, out mapped))
                        return false;
                    break;
                case ErrorCode when error is null:
                    if (!TryReadError(value, out error))
                        return false;
                    break;
                case < FirstOptional when !IsKnown(attribute):
                    return false;
            }

            rest = rest[padded..];
        }

        if (type == BindingError)
            reply = error;
        else if ((xorMapped ?? mapped) is { } endpoint)
            reply = new StunReply.Mapped(endpoint);
        return reply is not null;
    }

    /// <summary>Attributes of RFC 8489, its predecessors and RFC 5780 that carry no address of this host.</summary>
    private static bool IsKnown(ushort attribute) =>
        attribute is <= 0x000B or 0x0014 or 0x0015 or 0x001C or 0x001D or 0x001E or 0x0020 or 0x0026 or 0x0027;

    /// <summary>
    /// Sections 14.1 and 14.2: a zero byte, family, port, address. XORed with magic cookie and transaction ID when
    /// <paramref name="mask"/> is given.
    /// </summary>
    private static bool TryReadAddress(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, out IPEndPoint? endpoint)
    {
        endpoint = null;
        if (value.Length < 4)
            return false;
        var size = value[1] switch
        {
            0x01 => 4,
            0x02 => 16,
            _ => 0,
        };
        if (size == 0 || value.Length != 4 + size)
            return false;

        Span<byte> address = stackalloc byte[size];
        value[4..].CopyTo(address);
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (!mask.IsEmpty)
        {
            port ^= BinaryPrimitives.ReadUInt16BigEndian(mask);
            for (var i = 0; i < size; i++)
                address[i] ^= mask[i];
        }

        endpoint = new IPEndPoint(new IPAddress(address), port);
        return true;
    }

    /// <summary>
    /// Section 14.8: two zero bytes, class (3 to 6), number (0 to 99), reason in UTF-8 of fewer than 128 characters.
    /// </summary>
    private static bool TryReadError(ReadOnlySpan<byte> value, out StunReply.Error? error)
    {
        error = null;
        if (value.Length < 4 || (value[2] & 7) is not (>= 3 and <= 6) || value[3] > 99)
            return false;
        var reason = UntrustedText.Clean(Encoding.UTF8.GetString(value[4..]), MaxReason);
        error = new StunReply.Error((value[2] & 7) * 100 + value[3], reason);
        return true;
    }
}
