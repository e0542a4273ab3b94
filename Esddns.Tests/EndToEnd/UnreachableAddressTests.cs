using System.Net;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>A host with one dead address, which neither accepts nor refuses connections.</summary>
public sealed class UnreachableAddressTests : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var addresses = await System.Net.Dns.GetHostAddressesAsync("localhost", Cancel);
        if (!addresses.Contains(IPAddress.IPv6Loopback))
            Assert.Skip("localhost has no IPv6 address on this machine");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task LiveDns_UnreachableIPv6_UsesIPv4()
    {
        await using var simulator = await Sim.StartAsync();
        using var dead = new DeadServer(new IPEndPoint(IPAddress.IPv6Loopback, simulator.LiveDnsUrl.Port));
        var url = new UriBuilder(simulator.LiveDnsUrl) { Host = "localhost" }.Uri.ToString();
        await using var run = OperatorRun.Build(simulator, s => s["Esddns:LiveDns:BaseUrl"] = url);
        Assert.True((await run.RoundAsync()).InSync);
    }
}
