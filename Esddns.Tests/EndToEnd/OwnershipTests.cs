using System.Net;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>
/// The operator never treats its own earlier values as foreign, and removes them when they are outdated.
/// </summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private const string Zone = "example.com";
    private const string Foreign = "192.0.2.99";
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-ownership-").FullName;
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task StaleRead_LeavesNoOldValue(int lag)
    {
        _simulator.LiveDns.Set(Zone, "home", "A", 300, "203.0.113.1");
        await using var run = Build();
        foreach (var address in new[] { "203.0.113.1", "203.0.113.2", "203.0.113.3" })
        {
            _simulator.Wan.IPv4 = IPAddress.Parse(address);
            await run.RoundAsync();
        }

        _simulator.Faults.Add(new Fault("livedns", FaultEffect.StaleRead) { Lag = lag, Count = 3 });
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.4");
        await run.RoundAsync();
        _simulator.Faults.Clear();
        var snapshot = await run.RoundAsync();
        Assert.True(snapshot.InSync);
        Assert.Equal(["203.0.113.4"], Home());
        Assert.Null(snapshot.Records[0].LastDrift);
        Assert.Empty(snapshot.Records[0].Foreign);
    }

    [Fact]
    public async Task RestoredZone_IsUpdated_ForeignValuesStay()
    {
        _simulator.LiveDns.Set(Zone, "home", "A", 300);
        await using var run = Build();
        await run.RoundAsync();
        _simulator.LiveDns.Set(Zone, "home", "A", 300, "203.0.113.10", Foreign);
        var kept = _simulator.LiveDns.Snapshot(Zone);
        foreach (var address in new[] { "203.0.113.2", "203.0.113.3" })
        {
            _simulator.Wan.IPv4 = IPAddress.Parse(address);
            Assert.True((await run.RoundAsync()).InSync);
        }

        _simulator.LiveDns.Restore(Zone, kept);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal([Foreign, "203.0.113.3"], Home().Order());
    }

    [Fact]
    public async Task LostWrite_IsNotInSync_AndIsSentAgain()
    {
        await using var run = Build();
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.2");
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.LostWrite) { Count = 1 });
        var record = (await run.RoundAsync()).Records[0];
        Assert.Equal(SyncStatus.Unknown, record.State);
        Assert.Contains(
            "the DNS provider accepted 203.0.113.2, but stores 203.0.113.10",
            record.Reason,
            StringComparison.Ordinal
        );
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.2"], Home());
        Assert.Equal(["203.0.113.2", "203.0.113.10"], run.Snapshot.History.Select(c => c.To.ToString()));
    }

    [Fact]
    public async Task KilledDuringAWrite_OwnWriteIsNotAForeignEdit()
    {
        await using (var first = Build())
            await first.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.2");
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Reset)
            {
                Method = "PUT",
                AfterApply = true,
                Count = 1,
            }
        );
        await using (var second = Build())
            await second.RoundAsync();
        await using var third = Build();
        var snapshot = await third.RoundAsync();
        Assert.True(snapshot.InSync);
        Assert.Null(snapshot.Records[0].LastDrift);
        Assert.Equal(
            ("203.0.113.10", "203.0.113.2"),
            (snapshot.History[0].From!.ToString(), snapshot.History[0].To.ToString())
        );
        Assert.NotNull(snapshot.Records[0].LastWritten);
    }

    [Fact]
    public async Task DiskRejectsState_KillAndChange_LeaveNoOldValue()
    {
        await using (var first = Build())
            await first.RoundAsync();
        Directory.CreateDirectory(Path.Combine(_folder, "state.json.next", "full"));
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.2");
        await using (var second = Build())
            Assert.True((await second.RoundAsync()).InSync);
        Directory.Delete(Path.Combine(_folder, "state.json.next"), recursive: true);
        _simulator.Wan.IPv4 = IPAddress.Parse("203.0.113.3");
        await using var third = Build();
        Assert.True((await third.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.3"], Home());
        Assert.False(third.Snapshot.Records[0].IsOwnershipOutdated);
    }

    [Fact]
    public async Task FormerValues_SurviveARestart_AndAreBounded()
    {
        for (var i = 1; i <= RecordState.MaxFormer + 5; i++)
        {
            _simulator.Wan.IPv4 = IPAddress.Parse($"203.0.113.{i}");
            await using var run = Build();
            Assert.True((await run.RoundAsync()).InSync);
        }

        _simulator.LiveDns.Set(Zone, "home", "A", 300, $"203.0.113.{RecordState.MaxFormer}", Foreign);
        await using var last = Build();
        var snapshot = await last.RoundAsync();
        Assert.Equal([Foreign, $"203.0.113.{RecordState.MaxFormer + 5}"], Home().Order());
        Assert.Equal(RecordState.MaxFormer, snapshot.Records[0].Former.Length);
    }

    private OperatorRun Build() =>
        OperatorRun.Build(_simulator, s => s["Esddns:State:File"] = Path.Combine(_folder, "state.json"));

    private string[] Home() => _simulator.LiveDns.Values(Zone, "home", "A") ?? [];
}
