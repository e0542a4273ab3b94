using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.EndToEnd;

/// <summary>Single rounds of the whole operator against the simulated internet.</summary>
public sealed class RoundTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task FirstRound_CreatesTheRecord_SecondWritesNothing()
    {
        await using var run = OperatorRun.Build(_simulator);
        var snapshot = await run.RoundAsync();
        Assert.True(snapshot.InSync);
        Assert.Equal(["203.0.113.10"], Home());
        Assert.Equal(RecordOutcome.Updated, snapshot.Records[0].Outcome);
        Assert.EndsWith("/domains/example.com/records/home/A", snapshot.Records[0].Href, StringComparison.Ordinal);

        snapshot = await run.RoundAsync();
        Assert.Equal(RecordOutcome.Noop, snapshot.Records[0].Outcome);
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task ChangedAddress_IsOneWriteAndOneEntryOfTheHistory()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        var snapshot = await run.RoundAsync();
        Assert.Equal(["198.51.100.7"], Home());
        Assert.Equal(2, _simulator.Requests.Writes.Count);
        Assert.Equal(
            ("203.0.113.10", "198.51.100.7"),
            (snapshot.History[0].From!.ToString(), snapshot.History[0].To.ToString())
        );
        Assert.NotNull(snapshot.History[0].ConvergedAfter);
        Assert.Contains(
            "3 providers of sources report 198.51.100.7",
            snapshot.History[0].Why,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("stun")]
    [InlineData("dns")]
    [InlineData("echo-b")]
    public async Task OneLiar_ChangesNothing(string liar)
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault(liar, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66") });
        var snapshot = await run.RoundAsync();
        Assert.Equal(VerdictKind.Disagreed, snapshot.Wan[0].Verdict);
        Assert.Contains("198.51.100.66", snapshot.Wan[0].Reason, StringComparison.Ordinal);
        Assert.False(snapshot.InSync);
        Assert.Equal(["203.0.113.10"], Home());
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task AddressThatFlapsWithinTheHoldDown_IsNotPublished()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        foreach (var service in new[] { "echo-a", "echo-b", "dns" })
            _simulator.Faults.Add(
                new Fault(service, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66"), Count = 1 }
            );
        var snapshot = await run.RoundAsync();
        Assert.Equal(
            (VerdictKind.Agreed, "203.0.113.10"),
            (snapshot.Wan[0].Verdict, snapshot.Wan[0].Address!.ToString())
        );
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task ThirdAddressWithinTheHoldDown_IsFlapping()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        foreach (var service in new[] { "echo-a", "echo-b", "dns" })
            _simulator.Faults.Add(
                new Fault(service, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66"), Count = 1 }
            );
        var wan = (await run.RoundAsync()).Wan[0];
        Assert.Equal((VerdictKind.Disagreed, "203.0.113.10"), (wan.Verdict, wan.Address!.ToString()));
        Assert.Contains("198.51.100.66 became 198.51.100.7", wan.Reason, StringComparison.Ordinal);
        Assert.Equal(["203.0.113.10"], Home());
    }

    [Fact]
    public async Task AddressThatLastsThroughTheHoldDown_IsPublished()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["198.51.100.7"], Home());
    }

    [Fact]
    public async Task NoInternet_PreservesTheRecordWithoutAskingTheProvider()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var run = OperatorRun.Build(_simulator, services: s => s.AddSingleton<TimeProvider>(time));
        await run.RoundAsync();
        var asked = _simulator.Requests.All.Count;
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Silence));
        _simulator.Faults.Add(new Fault("dns", FaultEffect.Silence));
        _simulator.Faults.Add(
            new Fault("echo", FaultEffect.Status) { Status = 200, Body = "<html>Please log in</html>" }
        );
        var round = run.RoundAsync();
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return round.IsCompleted;
        });
        var snapshot = await round;
        Assert.Equal(
            (VerdictKind.Insufficient, RecordOutcome.Preserved),
            (snapshot.Wan[0].Verdict, snapshot.Records[0].Outcome)
        );
        Assert.Equal("203.0.113.10", snapshot.Wan[0].Address!.ToString());
        Assert.Equal(asked, _simulator.Requests.All.Count);
    }

    [Fact]
    public async Task ForeignValues_StayThroughAChange()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync();
        Assert.Equal(["192.0.2.99", "198.51.100.7"], Home());
    }

    [Fact]
    public async Task SeveralUnknownValues_AreReportedAndLeftAlone_UntilReplace()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.98", "192.0.2.99");
        await using (var merge = OperatorRun.Build(_simulator))
        {
            var snapshot = await merge.RoundAsync();
            Assert.Equal(RecordOutcome.Preserved, snapshot.Records[0].Outcome);
            Assert.Contains("Replace", snapshot.Records[0].Reason, StringComparison.Ordinal);
            Assert.Empty(_simulator.Requests.Writes);
        }

        await using var replace = OperatorRun.Build(_simulator, s => s["Esddns:Records:0:Policy"] = "Replace");
        Assert.True((await replace.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.10"], Home());
    }

    [Fact]
    public async Task FqdnWithoutZone_IsPlacedByTheAccountsZones()
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
    public async Task OneBadRecord_DoesNotBlockItsZone_NorAnother()
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
    public async Task BothFamilies_HaveTheirOwnVerdictAndRecord()
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
    public async Task FamilyThatTheHostHasLost_IsLeftAloneOrRemoved_AsThePolicySays(string policy)
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

    [Fact]
    public async Task UnconfirmedWrite_IsReadBackAndNotRepeated()
    {
        await using var run = OperatorRun.Build(_simulator);
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Reset)
            {
                Method = "PUT",
                AfterApply = true,
                Count = 1,
            }
        );
        var snapshot = await run.RoundAsync();
        Assert.Contains("could not confirm", snapshot.Records[0].LastError!.Message, StringComparison.Ordinal);
        Assert.Null(snapshot.Records[0].Current);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task UnconfirmedWrite_OfAnAddressThatIsGoneAgain_IsStillKnownToBeOurs()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Reset)
            {
                Method = "PUT",
                AfterApply = true,
                Count = 1,
            }
        );
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.8");
        await run.RoundAsync();
        Assert.Equal(["192.0.2.99", "198.51.100.8"], Home());
    }

    [Fact]
    public async Task RetryAfter_IsHonoured_UntilSomebodyAsks()
    {
        await using var run = OperatorRun.Build(_simulator);
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Status)
            {
                Status = 429,
                RetryAfter = 3600,
                Count = 1,
            }
        );
        await run.RoundAsync();
        var snapshot = await run.RoundAsync(ReconcileReason.Timer);
        Assert.Single(_simulator.Requests.All);
        Assert.Equal("rate_limited", snapshot.Records[0].LastError!.Type);
        Assert.True((await run.RoundAsync()).InSync);
    }

    [Fact]
    public async Task StateFile_CarriesWhatIsOursOverARestart()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-");
        void WithState(Dictionary<string, string?> s) =>
            s["Esddns:State:File"] = Path.Combine(folder.FullName, "state.json");
        await using (var first = OperatorRun.Build(_simulator, WithState))
            await first.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await using (var second = OperatorRun.Build(_simulator, WithState))
            Assert.Equal(2, (await second.RoundAsync()).Round);
        Assert.Equal(["192.0.2.99", "198.51.100.7"], Home());
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("fd00::7")]
    [InlineData("fd00::7", "64:ff9b:1::7")]
    public async Task HostWithOnlyAddressesThatNobodyCanReach_HasNone(params string[] addresses)
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Esddns:Records:0:Types"] = "A,AAAA",
            services => services.AddSingleton<HostAddresses>(new HostWith(addresses))
        );
        Assert.Equal(VerdictKind.Absent, (await run.RoundAsync()).Wan[1].Verdict);
    }

    private static void FourProviders(Dictionary<string, string?> settings)
    {
        settings["Esddns:Discovery:Echo"] = settings["Esddns:Discovery:Echo"]!.Replace(
            "/a#echo",
            "/a#echo-a",
            StringComparison.Ordinal
        );
    }

    private sealed class HostWith(params string[] addresses) : HostAddresses
    {
        public override IReadOnlyList<HostAddress> Current =>
            [.. addresses.Select(a => new HostAddress(IPAddress.Parse(a), 64, true))];
    }

    /// <summary>Over TCP, the client detects a stopped source at once.</summary>
    private void StunOverTcp(Dictionary<string, string?> settings) =>
        settings["Esddns:Discovery:Stun"] = $"stun+tcp://{_simulator.Stun}";

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

    private IEnumerable<string>? Home() => _simulator.LiveDns.Values("example.com", "home", "A")?.Order();
}
