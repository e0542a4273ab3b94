using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Whoami;
using Esddns.Operator.Dns.Wire;
using Esddns.Operator.Net;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>The DNS client against the simulated name server and against forged answers.</summary>
public sealed class DnsWireTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("myip.opendns.com?type=A")]
    [InlineData("whoami.cloudflare?type=TXT;class=CH")]
    [InlineData("o-o.myaddr.l.google.com?type=TXT")]
    public async Task Whoami_EachKind_ReturnsTheWanAddress(string question)
    {
        var seen = Assert.IsType<Observation.Seen>(await ObserveAsync(question));
        Assert.Equal(_simulator.Wan.IPv4, seen.Address);
    }

    [Fact]
    public async Task Whoami_NoSuchName_IsUnavailableWithCode() =>
        Assert.Contains(
            "NxDomain",
            Assert.IsType<Observation.Unavailable>(await ObserveAsync("none.example.com?type=A")).Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Whoami_AddressOfAnotherOwnerOrClass_IsIgnored()
    {
        byte[][] others =
        [
            DnsReply.A("other.example.com", "198.51.100.4"),
            DnsReply.A("a.example.com", "198.51.100.4", @class: 3),
        ];
        await using var server = new DnsServer(q => DnsReply.To(q, answers: others));
        var source = new WhoamiSource(new Uri($"dns://{server.EndPoint}/a.example.com?type=A"), TimeProvider.System);
        Assert.IsType<Observation.Unavailable>(await source.ObserveAsync(IpFamily.IPv4, Cancel));
    }

    [Fact]
    public async Task Whoami_SeveralAddresses_IsUnavailable()
    {
        _simulator.LiveDns.Set("example.com", "many", "A", 300, "198.51.100.4", "198.51.100.5");
        Assert.IsType<Observation.Unavailable>(await ObserveAsync("many.example.com?type=A"));
    }

    [Fact]
    public async Task Answer_TruncatedOverUdp_IsReadOverTcp()
    {
        _simulator.LiveDns.Set(
            "example.com",
            "many",
            "A",
            300,
            [.. Enumerable.Range(1, 200).Select(i => $"198.51.100.{i}")]
        );
        var answer = await DnsExchange.QueryAsync(
            _simulator.Dns,
            new DnsQuestion("many.example.com", DnsType.A),
            TimeProvider.System,
            Cancel
        );
        Assert.Equal(200, answer.Answers.Length);
    }

    [Fact]
    public async Task Query_Lost_IsRepeated()
    {
        _simulator.Faults.Add(new Fault("dns", FaultEffect.Silence) { Count = 1 });
        Assert.NotNull(
            await DnsExchange.QueryAsync(
                _simulator.Dns,
                new DnsQuestion("example.com", DnsType.A),
                TimeProvider.System,
                Cancel
            )
        );
    }

    [Fact]
    public async Task Answers_WithAnotherIdOrQuestion_AreDropped()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var asking = DnsExchange.QueryAsync(
            (IPEndPoint)server.Client.LocalEndPoint!,
            new DnsQuestion("a.example", DnsType.A),
            TimeProvider.System,
            Cancel
        );
        var query = await server.ReceiveAsync(Cancel);
        var answer = query.Buffer.ToArray();
        answer[2] |= 0x80;
        var (foreign, other) = (answer.ToArray(), answer.ToArray());
        foreign[1] ^= 1;
        other[13] = (byte)'b';
        foreach (var message in new[] { [1, 2, 3], foreign, other, answer })
            await server.SendAsync(message, query.RemoteEndPoint, Cancel);
        Assert.Equal("a.example", (await asking).Question!.Name);
    }

    private Task<Observation> ObserveAsync(string question) =>
        new WhoamiSource(new Uri($"dns://{_simulator.Dns}/{question}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
}
