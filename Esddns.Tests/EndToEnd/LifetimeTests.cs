using System.Diagnostics.Metrics;
using Esddns.Simulator;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Esddns.Tests.EndToEnd;

/// <summary>Many hosts in one process, in sequence and in parallel.</summary>
[Collection(nameof(ChaosTests))]
public sealed class LifetimeTests
{
    private const int Hosts = 20;

    /// <summary>A leak of the meters of one host takes at least 2.6 MB, so this limit detects it.</summary>
    private const long BytesForEachHost = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndedHosts_WhileAnotherRuns_ReleaseTheirMemory(bool crashes)
    {
        await using var simulator = await Sim.StartAsync();
        await AreCollectedAsync(await RunAsync(simulator, crashes));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var ended = new List<WeakReference>();
        for (var i = 0; i < Hosts; i++)
            ended.AddRange(await RunAsync(simulator, crashes));
        await AreCollectedAsync(ended);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < Hosts * BytesForEachHost, $"{Hosts} hosts have left {growth >> 20} MB behind");
        GC.KeepAlive(simulator);
    }

    [Fact]
    public async Task Metrics_ContainOnlyTheirOwnHost()
    {
        await using var simulator = await Sim.StartAsync();
        await using var first = OperatorRun.Build(simulator);
        await using var second = await OperatorRun.StartAsync(simulator, s => s["Esddns:Records:0:Name"] = "second");
        await first.RoundAsync();
        await Eventually.IsTrueAsync(() => second.Snapshot.InSync);
        var text = await second.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Contains("esddns_dns_updates_total{domain=\"second.example.com\",", text, StringComparison.Ordinal);
        Assert.DoesNotContain("home.example.com", text, StringComparison.Ordinal);
    }

    private static Task AreCollectedAsync(IEnumerable<WeakReference> ended) =>
        Eventually.IsTrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !ended.Any(e => e.IsAlive);
            },
            "the hosts are collected"
        );

    /// <summary>Runs an operator until it stops. Returns the objects that must not outlive it.</summary>
    private static async Task<WeakReference[]> RunAsync(SimulatorHost simulator, bool crashes)
    {
        var run = await OperatorRun.StartAsync(simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
        WeakReference[] parts =
        [
            new(run.Services),
            new(run.Services.GetRequiredService<MeterProvider>()),
            new(run.Services.GetRequiredService<IMeterFactory>().Create("Esddns.Operator")),
        ];
        if (crashes)
            await run.CrashAsync();
        else
            await run.DisposeAsync();
        return parts;
    }
}
