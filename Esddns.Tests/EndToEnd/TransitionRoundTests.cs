using System.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>Rounds keep when each record was in sync, also over a restart.</summary>
public sealed class TransitionRoundTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-");
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ChangeOfTheAddress_IsAShortTimeOutOfSync()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        Assert.Equal(["null→InSync"], Found(run));
        await run.RoundAsync();
        Assert.Equal(["null→InSync"], Found(run));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync();
        Assert.Equal(["OutOfSync→InSync", "InSync→OutOfSync", "null→InSync"], Found(run));
        var at = run.Snapshot.Transitions.Entries.Select(t => t.At).ToArray();
        Assert.Equal(at.OrderDescending(), at);
        Assert.True(run.Snapshot.Transitions.Since <= at[^1]);
    }

    [Fact]
    public async Task RecordThatFails_IsOutOfSyncUntilItIsRepaired()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503 });
        await run.RoundAsync();
        await run.RoundAsync();
        _simulator.Faults.Clear();
        await run.RoundAsync();
        Assert.Equal(["OutOfSync→InSync", "InSync→OutOfSync", "null→InSync"], Found(run));
    }

    [Fact]
    public async Task Restart_ContinuesTheTransitions()
    {
        await using (var run = OperatorRun.Build(_simulator, StateFile))
        {
            await run.RoundAsync();
            _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503 });
            await run.RoundAsync();
            Assert.Equal(["InSync→OutOfSync", "null→InSync"], Found(run));
        }

        await using var next = OperatorRun.Build(_simulator, StateFile);
        await next.RoundAsync();
        Assert.Equal(["InSync→OutOfSync", "null→InSync"], Found(next));
        _simulator.Faults.Clear();
        await next.RoundAsync();
        Assert.Equal(["OutOfSync→InSync", "InSync→OutOfSync", "null→InSync"], Found(next));
    }

    [Fact]
    public async Task RecordThatLeavesTheConfiguration_Ends()
    {
        await using (var run = OperatorRun.Build(_simulator, StateFile))
            await run.RoundAsync();
        await using var next = OperatorRun.Build(
            _simulator,
            s =>
            {
                StateFile(s);
                s["Esddns:Records:0:Name"] = "other";
            }
        );
        await next.RoundAsync();
        Assert.Equal(
            ["other.example.com A", "home.example.com A", "home.example.com A"],
            next.Snapshot.Transitions.Entries.Select(t => t.Id.ToString())
        );
        Assert.Equal(["null→InSync", "InSync→null", "null→InSync"], Found(next));
    }

    /// <summary>
    /// A state file of an earlier version has no conditions: their history begins with the first round.
    /// </summary>
    [Fact]
    public async Task StateOfAnEarlierVersion_BeginsWithTheFirstRound()
    {
        await using (var run = OperatorRun.Build(_simulator, StateFile))
            await run.RoundAsync();
        var file = Path.Combine(_folder.FullName, "state.json");
        var state = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(file, Cancel))!.AsObject();
        Assert.True(state.Remove("transitions") && state.Remove("transitionsSince"));
        Assert.True(state["records"]![0]!.AsObject().Remove("condition"));
        await File.WriteAllTextAsync(file, state.ToJsonString(), Cancel);
        await using var next = OperatorRun.Build(_simulator, StateFile);
        Assert.Null(next.Snapshot.Transitions.Since);
        await next.RoundAsync();
        Assert.Equal(["null→InSync"], Found(next));
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task RunningOperator_NamesTheNextPoll_AndTheTimeOfEachSource()
    {
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        var snapshot = run.Snapshot;
        Assert.InRange(snapshot.NextCheckAt!.Value - snapshot.At, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        var answered = snapshot.Wan[0].Votes.Where(v => v.Address is not null).ToArray();
        Assert.NotEmpty(answered);
        Assert.All(answered, v => Assert.InRange(v.Seconds!.Value, 0, 60));
        var status = snapshot.ToStatus();
        Assert.Equal(snapshot.NextCheckAt, Assert.Single(status.Wan).NextCheckAt);
        Assert.Equal("InSync", Assert.Single(status.Transitions!).To);
    }

    [Fact]
    public async Task SingleRound_PlansNoPoll()
    {
        await using var run = OperatorRun.Build(_simulator);
        Assert.Null((await run.RoundAsync(ReconcileReason.Start)).NextCheckAt);
    }

    private void StateFile(Dictionary<string, string?> settings) =>
        settings["Esddns:State:File"] = Path.Combine(_folder.FullName, "state.json");

    private static IEnumerable<string> Found(OperatorRun run) =>
        run.Snapshot.Transitions.Entries.Select(t => $"{Text(t.From)}→{Text(t.To)}");

    private static string Text(SyncCondition? condition) => condition?.ToString() ?? "null";
}
