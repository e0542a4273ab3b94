using System.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>The number of provider requests: none without a reason, but enough to detect foreign edits.</summary>
public sealed class ProviderCallsTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("Network")]
    [InlineData("Canary")]
    [InlineData("Cluster")]
    [InlineData("Retry")]
    public async Task TriggerWithoutAChange_CallsNoProvider(string reason)
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Requests.Clear();
        Assert.True((await run.RoundAsync(Enum.Parse<ReconcileReason>(reason))).InSync);
        Assert.Empty(_simulator.Requests.All);
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync(Enum.Parse<ReconcileReason>(reason));
        Assert.Equal(["198.51.100.7"], _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    /// <summary>A record that stays as it is costs no request while the name servers show it unchanged.</summary>
    [Theory]
    [InlineData("ObserveOnly", "192.0.2.1")]
    [InlineData("Merge", "192.0.2.1", "192.0.2.2")]
    public async Task PreservedRecord_IsReadOnce(string policy, params string[] values)
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, values);
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            s =>
            {
                s["Esddns:Records:0:Policy"] = policy;
                s["Esddns:Propagation:Interval"] = "1";
            }
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.Records is [{ Propagation.IsDone: true }]);
        _simulator.Requests.Clear();
        await run.RoundAsync(ReconcileReason.Timer);
        Assert.Empty(_simulator.Requests.All);
        Assert.Equal(SyncStatus.LeftAlone, run.Snapshot.Records[0].State);
    }

    /// <summary>Each round restarts the interval, so the timer alone would never trigger the read.</summary>
    [Theory]
    [InlineData("Network")]
    [InlineData("Canary")]
    [InlineData("Cluster")]
    [InlineData("Retry")]
    public async Task RepeatedTriggers_DoNotPostponeTheRead(string reason)
    {
        var time = new LaterTime();
        await using var run = OperatorRun.Build(_simulator, services: s => s.AddSingleton<TimeProvider>(time));
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.1");
        time.Ahead = TimeSpan.FromMinutes(4);
        await run.RoundAsync(Enum.Parse<ReconcileReason>(reason));
        Assert.Equal(["192.0.2.1"], _simulator.LiveDns.Values("example.com", "home", "A")!);
        time.Ahead = TimeSpan.FromMinutes(6);
        await run.RoundAsync(Enum.Parse<ReconcileReason>(reason));
        Assert.Contains("203.0.113.10", _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    [Fact]
    public async Task NameStoredInAnotherCase_KeepsItsCase()
    {
        _simulator.LiveDns.Set("example.com", "HoMe", "A", 300, "192.0.2.1");
        await using var run = OperatorRun.Build(_simulator);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "HoMe", "A")!);
        Assert.Null(_simulator.LiveDns.Values("example.com", "home", "A"));
    }

    [Fact]
    public async Task NameStoredTwice_FailsAlone()
    {
        _simulator.LiveDns.Set("example.com", "Home", "A", 300, "192.0.2.1");
        _simulator.LiveDns.Set("example.com", "HOME", "A", 300, "192.0.2.2");
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:Records:0:Policy"] = "Replace";
                s["Esddns:Records:1:Zone"] = "example.com";
                s["Esddns:Records:1:Name"] = "other";
            }
        );
        var records = (await run.RoundAsync()).Records;
        Assert.Equal("unreadable", Assert.Single(records, r => r.Outcome == RecordOutcome.Failed).LastError!.Type);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "other", "A")!);
        Assert.Equal(["192.0.2.1"], _simulator.LiveDns.Values("example.com", "Home", "A")!);
    }

    [Fact]
    public async Task FailureInOneZone_RetriesOnlyThatZone()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:Records:1:Zone"] = "example.dev";
                s["Esddns:Records:1:Name"] = "home";
            }
        );
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Status)
            {
                Status = 500,
                Count = 1,
                Method = "PUT",
                Zone = "example.com",
            }
        );
        Assert.Single((await run.RoundAsync()).Records, r => r.Outcome == RecordOutcome.Failed);
        _simulator.Requests.Clear();
        await Eventually.IsTrueAsync(async () => (await run.RoundAsync(ReconcileReason.Retry)).InSync);
        Assert.All(_simulator.Requests.All, r => Assert.Contains("/example.com/", r.Path, StringComparison.Ordinal));
    }
}
