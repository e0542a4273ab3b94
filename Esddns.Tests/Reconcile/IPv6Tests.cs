using System.Net;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Tests.Reconcile;

public sealed class IPv6Tests
{
    private static readonly IPAddress s_seen = IPAddress.Parse("2001:db8:1:2:aaaa:bbbb:cccc:dddd");

    [Theory]
    [InlineData("::10", 64, "2001:db8:1:2::10")]
    [InlineData("::10", 56, "2001:db8:1::10")]
    [InlineData("::3:0:0:0:10", 56, "2001:db8:1:3::10")]
    [InlineData("::10", 60, "2001:db8:1::10")]
    public void Suffix_IsJoinedToThePrefix(string suffix, int length, string expected)
    {
        Assert.True(HostId.TryParse(suffix, length, out var hostId));
        Assert.Equal(expected, hostId!.Behind(s_seen).ToString());
    }

    [Fact]
    public void Mac_BecomesItsInterfaceIdentifier()
    {
        Assert.True(HostId.TryParseMac("34-56-78-9A-BC-DE", 64, out var hostId));
        Assert.Equal("2001:db8:1:2:3656:78ff:fe9a:bcde", hostId!.Behind(s_seen).ToString());
    }

    [Theory]
    [InlineData("10")]
    [InlineData("192.0.2.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("ffff::10")]
    [InlineData("::")]
    [InlineData("")]
    public void InvalidSuffix_IsRefused(string text) => Assert.False(HostId.TryParse(text, 64, out _));

    [Theory]
    [InlineData("02:00:5e:10:00")]
    [InlineData("02:00:5e:10:00:0g")]
    [InlineData("2:0:5e:10:0:1")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("01:00:5e:00:00:01")]
    public void InvalidMac_IsRefused(string text) => Assert.False(HostId.TryParseMac(text, 64, out _));

    [Fact]
    public void Mac_WithALongPrefix_IsRefused() => Assert.False(HostId.TryParseMac("34-56-78-9A-BC-DE", 80, out _));

    [Fact]
    public void TemporaryAddress_IsReplacedByTheStableOneOfItsSubnet()
    {
        var host = new Fixed(
            "20010db800010002aaaabbbbccccdddd 02 40 00 01     eth0",
            "20010db8000100020000000000000bad 02 40 00 20     eth0",
            "20010db800010003000000000000beef 03 40 00 80     eth1",
            "20010db8000100020000000000000010 02 40 00 80     eth0",
            "fe800000000000000000000000000001 02 40 20 80     eth0",
            "no line of the table"
        );
        Assert.Equal("2001:db8:1:2::10", host.StableFor(s_seen).ToString());
        Assert.Equal(4, host.Current!.Count);
    }

    [Fact]
    public void StableOrForeignAddress_IsPublishedUnchanged()
    {
        Assert.Equal(s_seen, new Fixed("20010db800010002aaaabbbbccccdddd 02 40 00 80     eth0").StableFor(s_seen));
        Assert.Equal(s_seen, new Fixed("20010db800010002aaaabbbbccccdddd 02 40 00 01     eth0").StableFor(s_seen));
        Assert.Equal(s_seen, new Fixed().StableFor(s_seen));
    }

    /// <summary>The flags of the kernel: temporary, duplicate, deprecated, tentative.</summary>
    [Theory]
    [InlineData("01")]
    [InlineData("08")]
    [InlineData("20")]
    [InlineData("40")]
    public void UnstableAddress_IsNotPublished(string flag)
    {
        const string stable = "20010db8000100020000000000000010 02 40 00 80     eth0";
        Assert.Equal(
            "2001:db8:1:2::10",
            new Fixed($"20010db800010002aaaabbbbccccdddd 02 40 00 {flag} eth0", stable).StableFor(s_seen).ToString()
        );
        var temporary = "20010db800010002aaaabbbbccccdddd 02 40 00 01 eth0";
        Assert.Equal(
            s_seen,
            new Fixed(temporary, $"20010db8000100020000000000000bad 02 40 00 {flag} eth0").StableFor(s_seen)
        );
    }

    [Theory]
    [InlineData("20010db800010002aaaabbbbccccdd 02 40 00 80 eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddg 02 40 00 80 eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddd 02 81 00 80 eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddd 02 xx 00 80 eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddd 02 40 00 xx eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddd 02 40 20 80 eth0")]
    [InlineData("20010db800010002aaaabbbbccccdddd 02 40 00")]
    public void LineWithoutGlobalAddress_IsIgnored(string line) => Assert.Empty(HostAddresses.Parse([line]));

    [Fact]
    public void HostPrefix_IsReadAndUsed()
    {
        var host = new Fixed(
            "20010db800010002aaaabbbbccccdddd 02 80 00 01 eth0",
            "20010db8000100020000000000000010 02 40 00 80 eth0"
        );
        Assert.Equal([128, 64], host.Current!.Select(a => a.PrefixLength));
        Assert.Equal(s_seen, host.StableFor(s_seen));
    }

    [Fact]
    public void HasNone_OnlyIfTheTableIsKnownAndHasNoReachableAddress()
    {
        bool IsReachable(IPAddress a) => a.ToString().StartsWith('2');
        var ula = "fd000db800010002aaaabbbbccccdddd 02 40 00 80 eth0";
        Assert.True(new Fixed().HasNone(IpFamily.IPv6, IsReachable));
        Assert.True(new Fixed(ula).HasNone(IpFamily.IPv6, IsReachable));
        Assert.False(
            new Fixed(ula, "20010db800010002aaaabbbbccccdddd 02 40 00 80 eth0").HasNone(IpFamily.IPv6, IsReachable)
        );
        Assert.False(new Fixed(ula).HasNone(IpFamily.IPv4, IsReachable));
        Assert.False(new Unknown().HasNone(IpFamily.IPv6, IsReachable));
        Assert.Equal(s_seen, new Unknown().StableFor(s_seen));
    }

    [Theory]
    [InlineData(0, "ffff::10")]
    [InlineData(1, "7fff::10")]
    [InlineData(127, "2001:db8:1:2:aaaa:bbbb:cccc:dddc")]
    [InlineData(128, "2001:db8:1:2:aaaa:bbbb:cccc:dddd")]
    public void Join_AtTheBounds_ReturnsOneAddress(int length, string expected) =>
        Assert.Equal(expected, IpBits.Join(s_seen, IPAddress.Parse("ffff::10"), length).ToString());

    private sealed class Unknown : HostAddresses
    {
        public override IReadOnlyList<HostAddress>? Current => null;
    }

    private sealed class Fixed(params string[] lines) : HostAddresses
    {
        public override IReadOnlyList<HostAddress>? Current => Parse(lines);
    }
}
