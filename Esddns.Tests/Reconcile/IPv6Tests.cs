using System.Net;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Reconcile;

namespace Esddns.Tests.Reconcile;

public sealed class IPv6Tests
{
    private static readonly IPAddress s_seen = IPAddress.Parse("2001:db8:1:2:aaaa:bbbb:cccc:dddd");

    [Theory]
    [InlineData("::10", 64, "2001:db8:1:2::10")]
    [InlineData("::10", 56, "2001:db8:1::10")]
    [InlineData("::3:0:0:0:10", 56, "2001:db8:1:3::10")]
    [InlineData("ffff::10", 64, "2001:db8:1:2::10")]
    [InlineData("::10", 60, "2001:db8:1::10")]
    public void Suffix_StandsBehindThePrefix(string suffix, int length, string expected)
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
    [InlineData("")]
    public void Suffix_ThatIsNone_IsRefused(string text) => Assert.False(HostId.TryParse(text, 64, out _));

    [Theory]
    [InlineData("02:00:5e:10:00")]
    [InlineData("02:00:5e:10:00:0g")]
    [InlineData("2:0:5e:10:0:1")]
    public void Mac_ThatIsNone_IsRefused(string text) => Assert.False(HostId.TryParseMac(text, 64, out _));

    [Fact]
    public void TemporaryAddress_GivesWayToTheStableOneOfItsSubnet()
    {
        var host = new Fixed(
            "20010db800010002aaaabbbbccccdddd 02 40 00 01     eth0",
            "20010db8000100020000000000000bad 02 40 00 20     eth0",
            "20010db800010003000000000000beef 03 40 00 80     eth1",
            "20010db8000100020000000000000010 02 40 00 80     eth0",
            "fe800000000000000000000000000001 02 40 20 80     eth0",
            "no line of the table");
        Assert.Equal("2001:db8:1:2::10", host.StableFor(s_seen).ToString());
        Assert.Equal(4, host.Current!.Count);
    }

    [Fact]
    public void AddressThatIsStableOrNotOurs_IsPublishedAsItIs()
    {
        Assert.Equal(s_seen, new Fixed("20010db800010002aaaabbbbccccdddd 02 40 00 80     eth0").StableFor(s_seen));
        Assert.Equal(s_seen, new Fixed("20010db800010002aaaabbbbccccdddd 02 40 00 01     eth0").StableFor(s_seen));
        Assert.Equal(s_seen, new Fixed().StableFor(s_seen));
    }

    private sealed class Fixed(params string[] lines) : HostAddresses
    {
        public override IReadOnlyList<HostAddress>? Current => Parse(lines);
    }
}
