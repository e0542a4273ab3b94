using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Whoami;
using Esddns.Operator.Net;

namespace Esddns.Tests.Discovery;

/// <summary>Failures of name servers that report the address of the client.</summary>
public sealed class WhoamiSourceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoServer_IsUnavailableWithReason()
    {
        using var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.Client.LocalEndPoint!).Port;
        closed.Close();
        var observation = await AskAsync($"dns://127.0.0.1:{port}/whoami.example?type=A");
        Assert.Contains(
            "refused",
            Assert.IsType<Observation.Unavailable>(observation).Reason,
            StringComparison.OrdinalIgnoreCase
        );
    }

    /// <summary>
    /// The client repeats the query over TCP after a truncated answer; the TCP connection then fails.
    /// </summary>
    [Fact]
    public async Task TcpConnectionFails_IsUnavailableWithReason()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var place = (IPEndPoint)tcp.LocalEndpoint;
        using var udp = new UdpClient(place);
        var asking = AskAsync($"dns://{place}/whoami.example?type=A");
        var question = await udp.ReceiveAsync(Cancel);
        var truncated = question.Buffer;
        (truncated[2], truncated[3]) = (0x87, 0x80);
        await udp.SendAsync(truncated, question.RemoteEndPoint, Cancel);
        using (var client = await tcp.AcceptTcpClientAsync(Cancel))
        {
            await client.GetStream().ReadExactlyAsync(new byte[2], Cancel);
            await client.GetStream().WriteAsync(new byte[] { 0 }, Cancel);
        }

        Assert.StartsWith(
            "the connection failed",
            Assert.IsType<Observation.Unavailable>(await asking).Reason,
            StringComparison.Ordinal
        );
    }

    private static Task<Observation> AskAsync(string service) =>
        new WhoamiSource(new Uri(service), TimeProvider.System).ObserveAsync(IpFamily.IPv4, Cancel);
}
