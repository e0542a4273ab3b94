using System.Net;
using System.Text.RegularExpressions;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.EndToEnd;

/// <summary>A delayed write that takes effect after a later one, on fake time.</summary>
public sealed partial class LateWriteTests : IAsyncLifetime
{
    private const string Zone = "example.com";
    private const string Foreign = "192.0.2.99";
    private static readonly TimeSpan s_held = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-late-").FullName;
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync(time: _time);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The provider has the request after a crash and after a timeout of the operator.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LateWrite_IsReplaced_AndForeignValuesStay(bool isKilled)
    {
        _simulator.LiveDns.Set(Zone, "home", "A", 300, "203.0.113.10", Foreign);
        await using (var before = await StartAsync("203.0.113.10"))
            await IsInSyncAsync(before);
        var run = await StartAsync("203.0.113.10");
        await IsInSyncAsync(run);
        await SendHeldWriteAsync(run, "203.0.113.2");
        if (isKilled)
            await run.CrashAsync();
        if (isKilled)
            run = await StartAsync("203.0.113.3");
        else
            Change(run, "203.0.113.3");
        await using var last = run;
        await AdvanceUntilAsync(() => Home() == $"{Foreign} 203.0.113.3" && last.Snapshot.InSync);
        await AdvanceUntilAsync(() => Writes().LastIndexOf("203.0.113.2") > Writes().IndexOf("203.0.113.3"));
        await AdvanceUntilAsync(() => Home() == $"{Foreign} 203.0.113.3" && last.Snapshot.InSync);
        Assert.Null(last.Snapshot.Records[0].LastDrift);
        Assert.Equal([Foreign], last.Snapshot.Records[0].Foreign);
        Assert.Equal("203.0.113.3", Writes()[^1]);
        await AdvanceUntilAsync(() => last.Snapshot.Records[0].Unanswered is null, TimeSpan.FromSeconds(10));
        Assert.Equal($"{Foreign} 203.0.113.3", Home());
    }

    /// <summary>The operator repairs a late removal and does not report it as a foreign edit.</summary>
    [Fact]
    public async Task LateRemoval_IsRepaired_NotReportedAsForeignEdit()
    {
        await using var run = OperatorRun.Build(_simulator, services: AddTime);
        var record = (await run.RoundAsync()).Records[0];
        run.Services.GetRequiredService<StateStore>()
            .Update(s =>
                s with
                {
                    Records = s.Records.With(record.Id, r => r with { Unanswered = _time.GetUtcNow() }),
                }
            );
        _simulator.LiveDns.Restore(Zone, [.. _simulator.LiveDns.Snapshot(Zone).Where(r => r.Name != "home")]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await run.RoundAsync(ReconcileReason.LateWrite)).InSync);
        Assert.Equal("203.0.113.10", Home());
        Assert.Null(run.Snapshot.Records[0].LastDrift);
    }

    /// <summary>
    /// A write of an earlier process can take effect at any time, so its last read values are not reliable.
    /// </summary>
    [Fact]
    public async Task Restart_WithUnansweredWrite_IsNotUpToDateUntilRead()
    {
        var first = await StartAsync("203.0.113.10");
        await IsInSyncAsync(first);
        await SendHeldWriteAsync(first, "203.0.113.2");
        await first.CrashAsync();
        await using var second = OperatorRun.Build(_simulator, Settings, AddTime);
        Assert.NotEqual(SyncStatus.UpToDate, second.Snapshot.Records[0].State);
        Assert.NotNull(second.Snapshot.Records[0].Unanswered);
    }

    /// <summary>More changes than the usual history keeps.</summary>
    [Fact]
    public async Task UnansweredWrite_AllFormerValuesAreRemembered()
    {
        await using var run = OperatorRun.Build(_simulator, services: AddTime);
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Reset) { Method = "PUT", Count = 1 });
        for (var i = 1; i <= RecordState.MaxFormer + 5; i++)
        {
            _simulator.Wan.IPv4 = IPAddress.Parse($"203.0.113.{100 + i}");
            await run.RoundAsync();
        }

        _simulator.LiveDns.Set(Zone, "home", "A", 300, "203.0.113.101");
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(_simulator.Wan.IPv4!.ToString(), Home());
        _time.Advance(UnconfirmedWrites.Longest);
        Assert.Equal(RecordState.MaxFormer, (await run.RoundAsync()).Records[0].Former.Length);
    }

    /// <summary>
    /// Starts an operator with intervals so long that no other trigger reads the record within a day.
    /// </summary>
    private async Task<OperatorRun> StartAsync(string address)
    {
        _simulator.Wan.IPv4 = IPAddress.Parse(address);
        return await OperatorRun.StartAsync(_simulator, Settings, AddTime);
    }

    private void Settings(Dictionary<string, string?> settings)
    {
        settings["Esddns:State:File"] = Path.Combine(_folder, "state.json");
        settings["Esddns:LiveDns:Timeout"] = "30";
        settings["Esddns:SyncInterval"] = settings["Esddns:Propagation:Interval"] = "86400";
    }

    private void AddTime(IServiceCollection services) => services.AddSingleton<TimeProvider>(_time);

    /// <summary>Changes the address and delays the resulting write.</summary>
    private async Task SendHeldWriteAsync(OperatorRun run, string address)
    {
        var held = (int)s_held.TotalMilliseconds;
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.LateWrite) { LatencyMs = held, Count = 1 });
        Change(run, address);
        await AdvanceUntilAsync(() => _simulator.Faults.Active.Count == 0);
    }

    private void Change(OperatorRun run, string address)
    {
        _simulator.Wan.IPv4 = IPAddress.Parse(address);
        run.Services.GetRequiredService<ReconcileTrigger>().Request(ReconcileReason.Request);
    }

    private Task IsInSyncAsync(OperatorRun run) =>
        AdvanceUntilAsync(() => run.Snapshot.InSync && Home().Split(' ').Contains(_simulator.Wan.IPv4!.ToString()));

    private Task AdvanceUntilAsync(Func<bool> condition, TimeSpan? step = null) =>
        Eventually.IsTrueAsync(() =>
        {
            _time.Advance(step ?? TimeSpan.FromSeconds(0.5));
            return condition();
        });

    private string Home() => string.Join(' ', (_simulator.LiveDns.Values(Zone, "home", "A") ?? []).Order());

    /// <summary>The published value of each write, in the order in which they took effect.</summary>
    private List<string> Writes() => [.. _simulator.Requests.Writes.Select(w => OurValue().Match(w.Body!).Value)];

    [GeneratedRegex("203[.0-9]+")]
    private static partial Regex OurValue();
}
