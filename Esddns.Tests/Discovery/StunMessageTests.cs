using System.Net;
using Esddns.Operator.Discovery.Stun;

namespace Esddns.Tests.Discovery;

/// <summary>The codec against the test vectors of RFC 5769 and against hostile messages.</summary>
public sealed class StunMessageTests
{
    private static readonly byte[] s_transactionId = Convert.FromHexString("b7e7a701bc34d686fa87dfae");

    /// <summary>RFC 5769 section 2.2: SOFTWARE, XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY, FINGERPRINT.</summary>
    private static readonly byte[] s_ipv4Response = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
            + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
    );

    /// <summary>RFC 5769 section 2.3.</summary>
    private static readonly byte[] s_ipv6Response = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9fa"
            + "a5d3f179bc25f4b5bed2b9d9"
            + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c"
    );

    [Fact]
    public void Response_RfcVectorForIPv4_IsRead() =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 32853), Mapped(s_ipv4Response));

    [Fact]
    public void Response_RfcVectorForIPv6_IsRead() =>
        Assert.Equal(
            new IPEndPoint(IPAddress.Parse("2001:db8:1234:5678:11:2233:4455:6677"), 32853),
            Mapped(s_ipv6Response)
        );

    [Fact]
    public void Response_WithOnlyMappedAddress_IsRead() =>
        Assert.Equal(
            new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1234),
            Mapped(Message(0x0101, "0001" + "0008" + "0001" + "04d2" + "c0000201"))
        );

    [Fact]
    public void Response_WithBothAddresses_UsesXorMapped() =>
        Assert.Equal(
            "192.0.2.1",
            Mapped(
                Message(
                    0x0101,
                    "0001" + "0008" + "0001" + "04d2" + "c0000299" + "0020" + "0008" + "0001" + "a147" + "e112a643"
                )
            )!
                .Address.ToString()
        );

    [Fact]
    public void ErrorResponse_HasCodeAndReason()
    {
        Assert.True(
            StunMessage.TryReadBindingResponse(
                Message(0x0111, "0009" + "0008" + "00000414" + "4e6f7065"),
                s_transactionId,
                out var reply
            )
        );
        Assert.Equal(new StunReply.Error(420, "Nope"), reply);
    }

    [Fact]
    public void Response_WithAnotherTransactionId_IsDropped()
    {
        var other = s_transactionId.ToArray();
        other[11] ^= 1;
        Assert.False(StunMessage.TryReadBindingResponse(s_ipv4Response, other, out _));
    }

    [Theory]
    [InlineData("002000080001a147e112a643" + "7fff0004deadbeef", "an unknown comprehension-required attribute")]
    [InlineData("002000080001a147e112a643" + "000c0000", "the first unknown attribute")]
    [InlineData("0020000c0001a147e112a643", "an attribute that is longer than the message")]
    [InlineData("002000080003a147e112a643", "a family that does not exist")]
    [InlineData("000100080003a147e112a643", "another family that does not exist")]
    [InlineData("002000060001a147e1120000", "an address that is too short")]
    [InlineData("0020000200010000" + "002000080001a147e112a643", "an address without a port")]
    [InlineData("", "no address at all")]
    public void InvalidResponse_IsDropped(string attributes, string what)
    {
        Assert.False(StunMessage.TryReadBindingResponse(Message(0x0101, attributes), s_transactionId, out _), what);
    }

    [Theory]
    [InlineData("8000" + "0004" + "deadbeef", "the first optional one")]
    [InlineData("000b" + "0004" + "deadbeef", "the last of the old ones")]
    [InlineData("8022" + "0001" + "41000000", "one that is padded")]
    [InlineData("8022" + "0000", "an empty one")]
    public void Response_WithOptionalAttribute_IsRead(string attribute, string what)
    {
        Assert.True(Mapped(Message(0x0101, attribute + "002000080001a147e112a643")) is not null, what);
        Assert.True(Mapped(Message(0x0101, "002000080001a147e112a643" + attribute)) is not null, what);
    }

    /// <summary>RFC 8489 section 14: of several attributes with one type, only the first counts.</summary>
    [Theory]
    [InlineData("000100080001" + "04d2c0000201" + "000100080001" + "04d2c0000299")]
    [InlineData("002000080001" + "a147e112a643" + "002000080001" + "a147e112a6ff")]
    public void Response_WithDuplicateAttribute_UsesTheFirst(string attributes) =>
        Assert.Equal("192.0.2.1", Mapped(Message(0x0101, attributes))!.Address.ToString());

    [Theory]
    [InlineData("00000300", 300)]
    [InlineData("00000663", 699)]
    [InlineData("00000e14", 620)]
    [InlineData("00000200", null)]
    [InlineData("00000700", null)]
    [InlineData("00000364", null)]
    public void ErrorResponse_ClassOrNumberOutOfRange_IsDropped(string value, int? code)
    {
        StunMessage.TryReadBindingResponse(Message(0x0111, "00090004" + value), s_transactionId, out var reply);
        Assert.Equal(code, (reply as StunReply.Error)?.Code);
    }

    [Theory]
    [InlineData("0009000800000414" + "4e6f7065" + "0009000800000500" + "4e6f7065", true)]
    [InlineData("0009000300000400", false)]
    [InlineData("", false)]
    public void ErrorResponse_UsesTheFirstCode_AndNeedsOne(string attributes, bool good)
    {
        var isRead = StunMessage.TryReadBindingResponse(Message(0x0111, attributes), s_transactionId, out var reply);
        Assert.Equal(good, isRead);
        Assert.Equal(good ? 420 : null, (reply as StunReply.Error)?.Code);
    }

    [Fact]
    public void ErrorResponse_LongReason_IsTruncated()
    {
        var reason = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(new string('é', 200)));
        Assert.True(
            StunMessage.TryReadBindingResponse(
                Message(0x0111, $"0009{4 + 400:x4}00000414" + reason),
                s_transactionId,
                out var reply
            )
        );
        Assert.Equal(new string('é', 127) + "…", ((StunReply.Error)reply!).Reason);
    }

    [Theory]
    [InlineData(20, 0, 0, true, 0)]
    [InlineData(20, 0x3f, 8, true, 8)]
    [InlineData(19, 0, 0, false, 0)]
    [InlineData(20, 0x40, 0, false, 0)]
    [InlineData(20, 0, 2, false, 2)]
    public void TryReadLength_AcceptsOnlyStunHeaders(int bytes, byte first, byte length, bool good, int expected)
    {
        byte[] header = [first, 1, 0, length, 0x21, 0x12, 0xa4, 0x42, .. s_transactionId];
        Assert.Equal(good, StunMessage.TryReadLength(header.AsSpan(0, bytes), out var read));
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData(0x0001, "a request")]
    [InlineData(0x0011, "an indication")]
    [InlineData(0x0103, "another method")]
    [InlineData(0x4101, "not STUN")]
    public void Message_OfAnotherType_IsDropped(int type, string what)
    {
        Assert.False(
            StunMessage.TryReadBindingResponse(Message(type, "002000080001a147e112a643"), s_transactionId, out _),
            what
        );
    }

    [Fact]
    public void Response_LongerThanItsLengthField_IsDropped() =>
        Assert.False(StunMessage.TryReadBindingResponse([.. s_ipv4Response, 0, 0, 0, 0], s_transactionId, out _));

    [Fact]
    public void Response_WithoutMagicCookie_IsDropped()
    {
        var message = s_ipv4Response.ToArray();
        message[4] ^= 1;
        Assert.False(StunMessage.TryReadBindingResponse(message, s_transactionId, out _));
    }

    [Fact]
    public void Response_TruncatedAnywhere_IsDropped()
    {
        for (var length = 0; length < s_ipv4Response.Length; length++)
            Assert.False(
                StunMessage.TryReadBindingResponse(s_ipv4Response.AsSpan(0, length), s_transactionId, out _),
                $"cut at {length}"
            );
    }

    [Fact]
    public void Request_IsAHeaderWithTheTransactionId()
    {
        var request = new byte[StunMessage.HeaderLength];
        StunMessage.WriteBindingRequest(request, s_transactionId);
        Assert.Equal("000100002112A442" + Convert.ToHexString(s_transactionId), Convert.ToHexString(request));
    }

    private static IPEndPoint? Mapped(byte[] message) =>
        StunMessage.TryReadBindingResponse(message, s_transactionId, out var reply)
            ? (reply as StunReply.Mapped)?.Endpoint
            : null;

    private static byte[] Message(int type, string attributes)
    {
        var body = Convert.FromHexString(attributes);
        return
        [
            (byte)(type >> 8),
            (byte)type,
            (byte)(body.Length >> 8),
            (byte)body.Length,
            0x21,
            0x12,
            0xa4,
            0x42,
            .. s_transactionId,
            .. body,
        ];
    }
}
