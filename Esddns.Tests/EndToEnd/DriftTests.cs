using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>Drift and contradictions in the answers of the zone's name servers.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private OperatorRun _run = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _run = await OperatorRun.StartAsync(_simulator, s => s["Esddns:Propagation:Interval"] = "1");
        await Eventually.IsTrueAsync(() => _run.Snapshot is { Round: > 0, Records: [{ Propagation.IsDone: true }] });
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task TimerRound_NameServersAnswerCorrectly_DoesNotCallTheProvider()
    {
        var asked = _simulator.Requests.All.Count;
        Assert.True((await _run.RoundAsync(ReconcileReason.Timer)).InSync);
        Assert.Equal(asked, _simulator.Requests.All.Count);
        Assert.True((await _run.RoundAsync(ReconcileReason.Request)).InSync);
        Assert.Equal(asked + 1, _simulator.Requests.All.Count);
    }

    [Fact]
    public async Task RevokedToken_NameServersAnswerCorrectly_IsDetectedWithinTwoHours()
    {
        var time = new LaterTime();
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            s => s["Esddns:Propagation:Interval"] = "1",
            services => services.AddSingleton<TimeProvider>(time)
        );
        await Eventually.IsTrueAsync(() => run.Snapshot is { Round: > 0, Records: [{ Propagation.IsDone: true }] });
        _simulator.LiveDns.Main.Tokens.Clear();
        time.Ahead = TimeSpan.FromHours(2);
        await Eventually.IsTrueAsync(() =>
            run.Snapshot.Records[0].Propagation is { IsDone: true } p
            && time.GetUtcNow() - p.At < TimeSpan.FromMinutes(1)
        );
        var snapshot = await run.RoundAsync(ReconcileReason.Timer);
        Assert.Equal(
            (SyncStatus.Failed, "unauthorized"),
            (snapshot.Records[0].State, snapshot.Records[0].LastError?.Type)
        );
        Assert.Contains(
            """esddns_dns_update_failures_total{""",
            await run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ForeignEdit_IsDetectedShownAndMerged()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.99");
        await Eventually.IsTrueAsync(() =>
            _simulator.LiveDns.Values("example.com", "home", "A")!.Order().SequenceEqual(["192.0.2.99", "203.0.113.10"])
        );
        await Eventually.IsTrueAsync(() => _run.Snapshot is { InSync: true, Records: [{ LastDrift: not null }] });
        var record = _run.Snapshot.Records[0];
        Assert.Equal(
            ("203.0.113.10", "192.0.2.99"),
            (record.LastDrift!.From.ToString(), record.LastDrift.To.ToString())
        );
        Assert.StartsWith("Drift", _run.Snapshot.History[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletedRecord_IsDetectedAndCreatedAgain()
    {
        _simulator.LiveDns.Zone("example.com")!.Remove(r => r.Name == "home");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Values("example.com", "home", "A") is ["203.0.113.10"]);
    }

    [Fact]
    public async Task ForeignTtl_IsDetectedAndRepaired()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 86_400, "203.0.113.10");
        await Eventually.IsTrueAsync(() => _simulator.LiveDns.Zone("example.com")!.Find("home", "A")!.Ttl == 300);
        await Eventually.IsTrueAsync(() => _run.Snapshot.Records is [{ Propagation.IsDone: true }]);
    }

    [Fact]
    public async Task DelegatedName_IsNotInSync_UntilTheDelegationIsRemoved()
    {
        _simulator.LiveDns.Set("example.com", "home", "NS", 300, "ns.example.org.");
        await Eventually.IsTrueAsync(() => _run.Snapshot.Records[0].State == SyncStatus.Failed);
        var reason = _run.Snapshot.Records[0].Reason;
        Assert.Contains(
            "refers to ns.example.org: home.example.com is a delegated zone",
            reason,
            StringComparison.Ordinal
        );
        Assert.False(_run.Snapshot.InSync);

        _simulator.LiveDns.Zone("example.com")!.Remove(r => r.Type == "NS");
        await Eventually.IsTrueAsync(() => _run.Snapshot.InSync);
    }

    [Fact]
    public async Task NameServersDoNotAnswer_IsNotDrift()
    {
        _simulator.Faults.Add(new Fault("dns", FaultEffect.Truncate));
        var asked = _simulator.Requests.All.Count;
        await Eventually.IsTrueAsync(() => _run.Snapshot.Records[0].Propagation is { IsDone: false });
        Assert.Contains(
            "did not answer",
            _run.Snapshot.Records[0].Propagation!.Others.Single().Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(asked, _simulator.Requests.All.Count);
    }
}
