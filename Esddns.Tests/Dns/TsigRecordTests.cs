using System.Buffers.Binary;
using Esddns.Operator.Dns.Providers.Rfc2136;
using Esddns.Simulator.Dns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>
/// TSIG is the last record of a message; a truncated or miscounted record is not a signature (RFC 8945).
/// </summary>
public sealed class TsigRecordTests
{
    private const int HeaderLength = 12;
    private static readonly DateTimeOffset s_at = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_reply =
    [
        0x12,
        0x34,
        0x80,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        .. DnsAnswer.Name("example.com"),
        0,
        6,
        0,
        1,
    ];
    private static readonly byte[] s_message = new TsigSigner("key.test", new byte[32]).Sign(
        [0x12, 0x34, .. new byte[100]],
        s_reply,
        s_at,
        error: 18,
        other: TsigSigner.Time(s_at.AddHours(1))
    );

    [Fact]
    public void Record_IsRead()
    {
        Assert.True(TsigRecord.TryFind(s_message, out var start, out var record));
        Assert.Equal(s_reply.Length, start);
        Assert.Equal(
            (s_at.ToUnixTimeSeconds(), 300, 18, 0x1234, 32),
            (record!.Time, record.Fudge, record.Error, record.OriginalId, record.Mac.Length)
        );
        Assert.Equal(s_at.AddHours(1).ToUnixTimeSeconds(), TsigRecord.ReadTime(record.Other));
    }

    [Fact]
    public void Time_HasFortyEightBits() =>
        Assert.Equal(0x0102_0304_0506, TsigRecord.ReadTime((byte[])[1, 2, 3, 4, 5, 6]));

    [Fact]
    public void TruncatedMessage_HasNoSignature()
    {
        for (var length = 0; length < s_message.Length; length++)
            Assert.False(
                TsigRecord.TryFind(s_message.AsSpan(0, length), out _, out var record) || record is not null,
                $"{length} bytes"
            );
    }

    /// <summary>The length of the record marks its end.</summary>
    [Fact]
    public void TruncatedData_IsNotASignature()
    {
        var data = s_reply.Length + DnsAnswer.Name("key.test").Length + 10;
        for (var length = data; length < s_message.Length; length++)
        {
            var cut = s_message[..length];
            BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(data - 2), (ushort)(length - data));
            Assert.False(
                TsigRecord.TryFind(cut, out _, out var record) || record is not null,
                $"{length - data} bytes of data"
            );
        }
    }

    [Fact]
    public void DataAfterTheRecord_IsRefused() => Assert.False(TsigRecord.TryFind([.. s_message, 0], out _, out _));

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(10, 0)]
    [InlineData(10, 2)]
    public void WrongRecordCount_IsRefused(int at, byte count)
    {
        var wrong = (byte[])s_message.Clone();
        wrong[at + 1] = count;
        Assert.False(TsigRecord.TryFind(wrong, out _, out _));
    }

    [Fact]
    public void LastRecordOfAnotherType_IsNotASignature()
    {
        var other = (byte[])s_message.Clone();
        other[s_reply.Length + DnsAnswer.Name("key.test").Length + 1] = 249;
        Assert.False(TsigRecord.TryFind(other, out _, out _));
        Assert.False(TsigRecord.TryFind(s_message.AsSpan(0, HeaderLength), out _, out _));
    }
}
