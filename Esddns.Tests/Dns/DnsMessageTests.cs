using System.Net;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Wire;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>The parser of DNS messages, byte by byte.</summary>
public sealed class DnsMessageTests
{
    private const int A = 1;
    private const int Ns = 2;
    private const int Cname = 5;
    private const int Dname = 39;
    private static readonly DomainName s_zone = DomainName.Parse("example.com");

    [Fact]
    public void RRset_HoldsOnlyRecordsOfItsOwnerTypeAndClass()
    {
        var message = Read(
            answers:
            [
                DnsReply.A("home.example.com", "192.0.2.1", ttl: 60),
                DnsReply.A("HOME.Example.COM", "192.0.2.2", ttl: 50),
                DnsReply.A("other.example.com", "192.0.2.3"),
                DnsReply.A("home.example.com", "2001:db8::1"),
                DnsReply.A("home.example.com", "192.0.2.4", @class: 3),
            ]
        );
        var rrset = message.RRset("home.example.com", DnsType.A);
        Assert.Equal(new AddressSet([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")]), rrset.Addresses);
        Assert.Equal(50, rrset.Ttl);
        Assert.Null(rrset.Alias);
        var chaos = message.RRset("home.example.com", DnsType.A, DnsClass.CH).Records.Single();
        Assert.Equal(IPAddress.Parse("192.0.2.4"), chaos.Address);
    }

    [Fact]
    public void RRset_OfAnAlias_ExcludesItsTarget()
    {
        byte[][] answers =
        [
            DnsReply.Pointing("home.example.com", Cname, "a.example.org"),
            DnsReply.A("a.example.org", "192.0.2.1"),
        ];
        var rrset = Read(answers: answers).RRset("home.example.com", DnsType.A);
        Assert.Equal("a.example.org", rrset.Alias);
        Assert.Empty(rrset.Records);
    }

    [Fact]
    public void RRset_WithInvalidAddress_HasNoAddresses()
    {
        byte[][] answers =
        [
            DnsReply.A("home.example.com", "192.0.2.1"),
            DnsReply.Record("home.example.com", A, [1, 2, 3, 4, 5]),
        ];
        Assert.Null(Read(answers: answers).RRset("home.example.com", DnsType.A).Addresses);
    }

    [Theory]
    [InlineData(0x7FFFFFFF, 0x7FFFFFFF)]
    [InlineData(0x80000000, 0)]
    [InlineData(0, 0)]
    public void Ttl_WithItsHighestBitSet_IsZero(uint sent, int read) =>
        Assert.Equal(read, Read(answers: [DnsReply.A("a.test", "192.0.2.1", sent)]).RRset("a.test", DnsType.A).Ttl);

    [Theory]
    [InlineData("lab.example.com", false, true)]
    [InlineData("pi.lab.example.com", false, true)]
    [InlineData("lab.example.com", true, false)]
    [InlineData("other.example.com", false, false)]
    [InlineData("example.com", false, false)]
    [InlineData("com", false, false)]
    public void Delegation_IsAReferralBetweenZoneAndName(string owner, bool aa, bool isOne)
    {
        var message = Read(aa: aa, authority: [DnsReply.Pointing(owner, Ns, "ns.example.org")]);
        var delegation = message.Delegation(Fqdn.Parse("pi.lab.example.com"), s_zone);
        Assert.Equal(isOne ? "ns.example.org" : null, delegation?.Target);
    }

    [Theory]
    [InlineData("lab.example.com", true)]
    [InlineData("example.com", true)]
    [InlineData("pi.lab.example.com", false)]
    [InlineData("ab.example.com", false)]
    public void Dname_IsAboveTheName(string owner, bool isOne)
    {
        var message = Read(answers: [DnsReply.Pointing(owner, Dname, "example.org")]);
        Assert.Equal(isOne, message.Dname(Fqdn.Parse("pi.lab.example.com")) is not null);
    }

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("lab.example.com", "lab.example.com")]
    [InlineData("example.org", null)]
    public void ZoneOf_IsTheOwnerOfTheSoaAboveTheName(string soa, string? zone) =>
        Assert.Equal(zone, Read(authority: [DnsReply.Soa(soa)]).ZoneOf(Fqdn.Parse("pi.lab.example.com"))?.ToString());

    [Fact]
    public void Code_IncludesTheUpperBitsOfTheOptRecord()
    {
        byte[] reply = [0, 7, 0x80, 0x05, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0];
        Assert.True(DnsMessage.TryRead(reply, out var message));
        Assert.Equal(((ushort)7, (DnsCode)21), (message!.Id, message.Code));
        reply[3] = 0;
        Assert.True(DnsMessage.TryRead(reply, out message));
        Assert.Equal(DnsCode.BadVers, message!.Code);
    }

    [Fact]
    public void Flags_AreRead()
    {
        Assert.True(DnsMessage.TryRead([0, 1, 0xAC, 0, 0, 0, 0, 0, 0, 0, 0, 0], out var update));
        Assert.Equal((5, true, false), (update!.OpCode, update.IsAuthoritative, update.IsTruncated));
        Assert.True(DnsMessage.TryRead([0, 1, 0x82, 0, 0, 0, 0, 0, 0, 0, 0, 0], out var cut));
        Assert.Equal((0, false, true), (cut!.OpCode, cut.IsAuthoritative, cut.IsTruncated));
        Assert.False(DnsMessage.TryRead([0, 1, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0, 0], out _));
        Assert.False(DnsMessage.TryRead([0, 1, 0x80, 0, 0, 2, 0, 0, 0, 0, 0, 0], out _));
    }

    [Fact]
    public void Message_TruncatedAnywhere_IsRefused()
    {
        var whole = DnsReply.To(
            DnsExchange.BuildQuery(new DnsQuestion("a.example.com", DnsType.A), hasEdns: false),
            answers: [DnsReply.A("a.example.com", "192.0.2.1")],
            authority: [DnsReply.Soa("example.com")]
        );
        Assert.True(DnsMessage.TryRead(whole, out _));
        for (var length = 0; length < whole.Length; length++)
            Assert.False(DnsMessage.TryRead(whole.AsSpan(0, length), out _), $"{length} bytes");
    }

    [Theory]
    [InlineData("0161C000", 0, "loops to itself by its own label")]
    [InlineData("C000", 0, "points to itself")]
    [InlineData("C002016100", 0, "points forwards")]
    [InlineData("016101620163C002", 0, "loops over its later labels")]
    [InlineData("0461", 0, "is cut in a label")]
    [InlineData("0161", 0, "has no end")]
    [InlineData("C0", 0, "is cut in a pointer")]
    [InlineData("4061", 0, "has a label of a reserved kind")]
    public void InvalidName_IsRefused(string hex, int at, string why) =>
        Assert.False(DnsName.TryRead(Convert.FromHexString(hex), ref at, out _), why);

    [Theory]
    [InlineData("00", 0, "", 1)]
    [InlineData("0161016200", 0, "a.b", 5)]
    [InlineData("01610001620163C000", 3, "b.c.a", 9)]
    [InlineData("016100C000C003", 5, "a", 7)]
    [InlineData("03612E6200", 0, @"a\046b", 5)]
    [InlineData("035C0AE400", 0, @"\092\010\228", 5)]
    public void Name_FollowsPointers_AndEscapesUnusualBytes(string hex, int at, string name, int behind)
    {
        Assert.True(DnsName.TryRead(Convert.FromHexString(hex), ref at, out var read));
        Assert.Equal((name, behind), (read, at));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Name_HasAtMost255Bytes(int bytes, bool isOne)
    {
        var first = bytes % 2 == 0 ? (byte[])[2, 97, 97] : [1, 97];
        var rest = Enumerable.Repeat((byte[])[1, 97], (bytes - first.Length - 1) / 2).SelectMany(b => b);
        byte[] message = [.. first, .. rest, 0];
        Assert.Equal(bytes, message.Length);
        var at = 0;
        Assert.Equal(isOne, DnsName.TryRead(message, ref at, out _));
    }

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public void Name_FollowsABoundedNumberOfPointers(int pointers, bool isOne)
    {
        var targets = Enumerable.Range(0, pointers).Select(i => i == 0 ? 0 : (2 * i) - 1);
        byte[] message = [0, .. targets.SelectMany(t => (byte[])[0xC0, (byte)t])];
        var at = message.Length - 2;
        Assert.Equal(isOne, DnsName.TryRead(message, ref at, out _));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Label_HasAtMost63Bytes(int bytes, bool isOne)
    {
        var at = 0;
        Assert.Equal(isOne, DnsName.TryRead([(byte)bytes, .. Enumerable.Repeat((byte)'a', bytes), 0], ref at, out _));
    }

    private static DnsMessage Read(bool aa = true, byte[][]? answers = null, byte[][]? authority = null)
    {
        var query = DnsExchange.BuildQuery(new DnsQuestion("home.example.com", DnsType.A), hasEdns: false);
        var reply = DnsReply.To(query, aa: aa, answers: answers, authority: authority);
        Assert.True(DnsMessage.TryRead(reply, out var message));
        return message!;
    }
}
