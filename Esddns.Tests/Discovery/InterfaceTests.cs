using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;

namespace Esddns.Tests.Discovery;

/// <summary>The addresses of this host, as reported by the kernel.</summary>
public sealed class InterfaceTests
{
    [Theory]
    [InlineData(true, "198.51.100.1")]
    [InlineData(false, "2001:db8:1::1")]
    public async Task Source_ReportsHostAddressOrReason(bool isIPv4, string somewhere)
    {
        var family = isIPv4 ? IpFamily.IPv4 : IpFamily.IPv6;
        var source = new InterfaceSource();
        var observation = await source.ObserveAsync(family, TestContext.Current.CancellationToken);
        Assert.True(observation.Source.IsAuthenticated);
        var (own, problem) = Route(IPAddress.Parse(somewhere));
        if (own is not null)
            Assert.Equal(own, Assert.IsType<Observation.Seen>(observation).Address);
        else
            Assert.Equal(problem, Assert.IsType<Observation.Unavailable>(observation).Reason);
    }

    [Fact]
    public void HostAddresses_AreReadFromTheKernelTable()
    {
        const string table = "/proc/net/if_inet6";
        var expected = File.Exists(table) ? HostAddresses.Parse(File.ReadAllLines(table)) : null;
        Assert.Equal(expected, new HostAddresses().Current);
    }

    private static (IPAddress? Own, string? Problem) Route(IPAddress somewhere)
    {
        try
        {
            using var socket = new Socket(somewhere.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(somewhere, 9);
            return (((IPEndPoint)socket.LocalEndPoint!).Address, null);
        }
        catch (SocketException e)
        {
            return (null, e.Message);
        }
    }
}
