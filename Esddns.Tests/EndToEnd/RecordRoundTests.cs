using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>Rounds with several records, zones and families.</summary>
public sealed class RecordRoundTests : RoundScenario
{
    [Fact]
    public async Task FqdnWithoutZone_IsAssignedToAZoneOfTheAccount()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s.Remove("Esddns:Records:0:Zone");
                s.Remove("Esddns:Records:0:Name");
                s["Esddns:Records:0:Fqdn"] = "a.home.example.co.uk";
                s["Esddns:Records:1:Fqdn"] = "*.lab.example.dev";
                s["Esddns:Records:2:Fqdn"] = "home.example.net";
            }
        );
        var snapshot = await run.RoundAsync();
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.co.uk", "a.home", "A")!);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.dev", "*.lab", "A")!);
        Assert.Equal(
            ("zone_not_found", RecordOutcome.Failed),
            (snapshot.Records[2].LastError!.Type, snapshot.Records[2].Outcome)
        );
        Assert.Single(_simulator.Requests.All, r => r.Path.EndsWith("/domains?per_page=500", StringComparison.Ordinal));
        await run.RoundAsync();
        Assert.Equal(2, _simulator.Requests.Writes.Count);
    }

    [Fact]
    public async Task FailingRecord_DoesNotBlockOtherRecords()
    {
        _simulator.LiveDns.Set("example.com", "alias", "CNAME", 300, "elsewhere.example.net.");
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:Records:0:Name"] = "alias";
                s["Esddns:Records:1:Zone"] = "example.com";
                s["Esddns:Records:1:Name"] = "home";
                s["Esddns:Records:2:Zone"] = "example.net";
                s["Esddns:Records:3:Zone"] = "example.dev";
            }
        );
        var outcomes = (await run.RoundAsync()).Records.Select(r => r.Outcome);
        Assert.Equal(
            [RecordOutcome.Failed, RecordOutcome.Updated, RecordOutcome.Failed, RecordOutcome.Updated],
            outcomes
        );
    }

    [Fact]
    public async Task Families_HaveSeparateVerdictsAndRecords()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Esddns:Records:0:Types"] = "A,AAAA",
            services => services.AddSingleton<HostAddresses>(new LosingIPv6())
        );
        var snapshot = await run.RoundAsync();
        Assert.Equal([RecordOutcome.Updated, RecordOutcome.Preserved], snapshot.Records.Select(r => r.Outcome));
        Assert.Equal([VerdictKind.Agreed, VerdictKind.Insufficient], snapshot.Wan.Select(w => w.Verdict));
    }

    [Theory]
    [InlineData("Preserve")]
    [InlineData("Remove")]
    public async Task LostFamily_IsPreservedOrRemoved_ByPolicy(string policy)
    {
        var host = new LosingIPv6();
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:Records:0:Types"] = "A,AAAA";
                s["Esddns:Records:0:WhenAbsent"] = policy;
                s["Esddns:Agreement:Quorum"] = "1";
                s["Esddns:Agreement:Classes"] = "1";
                s["Esddns:Discovery:Stun"] = $"stun://{_simulator.Stun}";
                s["Esddns:Discovery:Echo"] = "none";
                s["Esddns:Discovery:Dns"] = "none";
            },
            services =>
                services.AddSingleton<HostAddresses>(host).AddSingleton<IAddressSource>(new IPv6Source(_simulator))
        );
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["2001:db8::10"], _simulator.LiveDns.Values("example.com", "home", "AAAA")!);

        _simulator.Wan.IPv6 = null;
        Assert.Equal(VerdictKind.Insufficient, (await run.RoundAsync()).Wan[1].Verdict);
        Assert.Equal(["2001:db8::10"], _simulator.LiveDns.Values("example.com", "home", "AAAA")!);

        host.IsLost = true;
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(
            policy == "Preserve" ? ["2001:db8::10"] : null,
            _simulator.LiveDns.Values("example.com", "home", "AAAA")
        );
        Assert.Equal(["203.0.113.10"], Home());
    }

    [Theory]
    [InlineData("fd00::7")]
    [InlineData("fd00::7", "64:ff9b:1::7")]
    public async Task HostWithOnlyUnreachableAddresses_IsAbsent(params string[] addresses)
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Esddns:Records:0:Types"] = "A,AAAA",
            services => services.AddSingleton<HostAddresses>(new HostWith(addresses))
        );
        Assert.Equal(VerdictKind.Absent, (await run.RoundAsync()).Wan[1].Verdict);
    }

    private sealed class HostWith(params string[] addresses) : HostAddresses
    {
        public override IReadOnlyList<HostAddress> Current =>
            [.. addresses.Select(a => new HostAddress(IPAddress.Parse(a), 64, true))];
    }

    /// <summary>
    /// Reports the simulated IPv6 address without an IPv6 socket, because some machines have no IPv6.
    /// </summary>
    private sealed class IPv6Source(SimulatorHost simulator) : IAddressSource
    {
        public SourceId Id { get; } = SourceId.Of(new Uri("stun://ipv6.example"), EvidenceClass.Stun);

        public Task<Observation> ObserveAsync(IpFamily family, CancellationToken cancellationToken) =>
            Task.FromResult<Observation>(
                family == IpFamily.IPv6 && simulator.Wan.IPv6 is { } address
                    ? new Observation.Seen(Id, address)
                    : new Observation.Unavailable(Id, "no address")
            );
    }

    private sealed class LosingIPv6 : HostAddresses
    {
        public bool IsLost { get; set; }

        public override IReadOnlyList<HostAddress> Current => [];

        public override bool HasNone(IpFamily family, Func<IPAddress, bool> isReachable) =>
            IsLost && family == IpFamily.IPv6;
    }
}
