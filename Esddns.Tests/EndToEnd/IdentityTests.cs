using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>All spellings of a name mean the same record, and no record can fail the round of others.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task ApexAndWildcard_ListFailedBefore_AreBothWritten()
    {
        await using var run = OperatorRun.Build(_simulator, Named("example.com", "*.example.com"));
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503, Count = 1 });
        Assert.False((await run.RoundAsync()).InSync);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "@", "A")!);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "*", "A")!);
    }

    [Theory]
    [InlineData("bücher.example.com")]
    [InlineData("Home.Example.COM.")]
    [InlineData("*。example.com")]
    public async Task NameInAnySpelling_IsAssignedToAZoneOnce(string fqdn)
    {
        await using var run = OperatorRun.Build(_simulator, Named(fqdn));
        for (var i = 0; i < 3; i++)
            Assert.True((await run.RoundAsync()).InSync);
        Assert.Single(_simulator.Requests.All, r => r.Path.Contains("/domains?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NameInNoZone_FailsAlone_AndIsNotLookedUpInEveryRound()
    {
        await using var run = OperatorRun.Build(_simulator, Named("home.example.com", "home.example.org"));
        for (var i = 0; i < 3; i++)
        {
            var snapshot = await run.RoundAsync(ReconcileReason.Timer);
            Assert.True(snapshot.Records[0].InSync);
            Assert.Equal(ProviderFault.ZoneNotFound, snapshot.Records[1].LastError!.Type);
        }

        Assert.Single(_simulator.Requests.All, r => r.Path.Contains("/domains?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RecordDesiredTwice_IsOneRecord()
    {
        var zone = DomainName.Parse("example.com");
        var record = new DesiredRecord(
            Fqdn.Parse("home.example.com"),
            zone,
            OwnerName.Parse("home"),
            RecordType.A,
            300,
            RecordPolicy.Merge
        );
        await using var run = OperatorRun.Build(
            _simulator,
            services: s => s.AddSingleton<IDesiredRecords>(new ConfiguredRecords([record, record]))
        );
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Single((await run.RoundAsync()).Records);
    }

    private static Action<Dictionary<string, string?>> Named(params string[] fqdns) =>
        settings =>
        {
            settings.Remove("Esddns:Records:0:Zone");
            settings.Remove("Esddns:Records:0:Name");
            for (var i = 0; i < fqdns.Length; i++)
                settings[$"Esddns:Records:{i}:Fqdn"] = fqdns[i];
        };
}
