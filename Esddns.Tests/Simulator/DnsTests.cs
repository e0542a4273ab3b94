using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Simulator;

/// <summary>The simulated name server against a real client.</summary>
public sealed class DnsTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("+notcp")]
    [InlineData("+tcp")]
    public async Task Dig_StoredRecord_IsAnswered(string transport)
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4", "198.51.100.5");
        Assert.Equal(
            "198.51.100.4\n198.51.100.5",
            string.Join('\n', (await DigAsync("+short", transport, "home.example.com", "A")).Split('\n').Order())
        );
    }

    [Theory]
    [InlineData("none.example.com", "A", "NXDOMAIN")]
    [InlineData("home.example.com", "AAAA", "NOERROR")]
    [InlineData("b.example.com", "A", "NOERROR")]
    [InlineData("home.example.org", "A", "REFUSED")]
    public async Task Dig_NameWithoutAnswer_HasCodeAndSoa(string name, string type, string code)
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        _simulator.LiveDns.Set("example.com", "a.b", "A", 300, "198.51.100.4");
        var answer = await DigAsync(name, type);
        Assert.Contains($"status: {code}", answer, StringComparison.Ordinal);
        Assert.Contains("ANSWER: 0", answer, StringComparison.Ordinal);
        if (code != "REFUSED")
            Assert.Contains("IN\tSOA\tns-12-a.gandi.net.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dig_Wildcard_AnswersForMissingNames()
    {
        _simulator.LiveDns.Set("example.com", "*", "A", 300, "198.51.100.8");
        _simulator.LiveDns.Set("example.com", "home", "TXT", 300, "\"x\"");
        Assert.Equal("198.51.100.8", await DigAsync("+short", "what.ever.example.com", "A"));
        Assert.Equal("", await DigAsync("+short", "home.example.com", "A"));
    }

    [Theory]
    [InlineData("lab.example.com")]
    [InlineData("pi.lab.example.com")]
    public async Task Dig_DelegatedName_ReturnsAReferral(string name)
    {
        _simulator.LiveDns.Set("example.com", "lab", "NS", 300, "ns.example.org.");
        _simulator.LiveDns.Set("example.com", "pi.lab", "A", 300, "198.51.100.4");
        var answer = await DigAsync(name, "A");
        Assert.Contains("flags: qr;", answer, StringComparison.Ordinal);
        Assert.Contains("ANSWER: 0, AUTHORITY: 1", answer, StringComparison.Ordinal);
        Assert.Matches(@"lab\.example\.com\.\s+300\s+IN\s+NS\s+ns\.example\.org\.", answer);
    }

    [Fact]
    public async Task Dig_AliasWithinTheZone_IncludesItsTarget()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "198.51.100.4");
        _simulator.LiveDns.Set("example.com", "alias", "CNAME", 300, "home.example.com.");
        Assert.Equal("home.example.com.\n198.51.100.4", await DigAsync("+short", "alias.example.com", "A"));
    }

    [Fact]
    public async Task Dig_OtherTypes_AreServed()
    {
        Assert.Contains(
            "10 spool.mail.gandi.net.",
            await DigAsync("+short", "example.com", "MX"),
            StringComparison.Ordinal
        );
        Assert.Contains("v=spf1", await DigAsync("+short", "example.com", "TXT"), StringComparison.Ordinal);
        Assert.Contains(
            "webredir.vip.gandi.net.",
            await DigAsync("+short", "www.example.com", "A"),
            StringComparison.Ordinal
        );
        Assert.Contains("ns-12-a.gandi.net.", await DigAsync("+short", "example.com", "NS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dig_AnswerTooLargeForUdp_IsSentOverTcp()
    {
        _simulator.LiveDns.Set(
            "example.com",
            "many",
            "A",
            300,
            [.. Enumerable.Range(1, 200).Select(i => $"198.51.100.{i}")]
        );
        Assert.Contains(
            "flags: qr aa tc",
            await DigAsync("+ignore", "many.example.com", "A"),
            StringComparison.Ordinal
        );
        Assert.Equal(200, (await DigAsync("+short", "many.example.com", "A")).Split('\n').Length);
    }

    private async Task<string> DigAsync(params string[] question)
    {
        var dig = Tool.Require("dig", "bind9-dnsutils");
        var (_, output) = await Tool.RunAsync(
            dig,
            ["@127.0.0.1", "-p", $"{_simulator.Dns.Port}", "+norecurse", "+tries=1", "+time=120", .. question]
        );
        return output.Trim();
    }
}
