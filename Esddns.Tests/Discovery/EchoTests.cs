using System.Text;
using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Net;

namespace Esddns.Tests.Discovery;

public sealed class EchoTests
{
    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("203.0.113.7\n")]
    [InlineData("  203.0.113.7\r\n")]
    public void Body_WithOneAddressAndWhiteSpace_IsRead(string body)
    {
        Assert.True(EchoBody.TryRead(Encoding.UTF8.GetBytes(body), IpFamily.IPv4, out var address));
        Assert.Equal("203.0.113.7", address!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("203.0.113")]
    [InlineData("203.0.113.007")]
    [InlineData("0xcb.0.113.7")]
    [InlineData("203.0.113.7, 203.0.113.8")]
    [InlineData("203.0.113.7:80")]
    [InlineData("203.0.113.256")]
    [InlineData("2001:db8::1")]
    [InlineData("<html><body>203.0.113.7</body></html>")]
    [InlineData("{\"ip\":\"203.0.113.7\"}")]
    public void Body_WithOtherContent_IsRefused(string body) =>
        Assert.False(EchoBody.TryRead(Encoding.UTF8.GetBytes(body), IpFamily.IPv4, out _));

    [Theory]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:DB8:0:0:0:0:0:1", true)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("::ffff:203.0.113.7", false)]
    [InlineData("203.0.113.7", false)]
    public void Body_ForIPv6_IsReadStrictly(string body, bool good) =>
        Assert.Equal(good, EchoBody.TryRead(Encoding.UTF8.GetBytes(body), IpFamily.IPv6, out _));

    [Fact]
    public void Body_OfMaximumLength_IsRead() =>
        Assert.True(
            EchoBody.TryRead(Encoding.UTF8.GetBytes("203.0.113.7".PadRight(EchoBody.MaxLength)), IpFamily.IPv4, out _)
        );

    [Fact]
    public void Body_LongerThanMaximum_IsRefused() =>
        Assert.False(
            EchoBody.TryRead(
                Encoding.UTF8.GetBytes("203.0.113.7" + new string(' ', EchoBody.MaxLength)),
                IpFamily.IPv4,
                out _
            )
        );
}
