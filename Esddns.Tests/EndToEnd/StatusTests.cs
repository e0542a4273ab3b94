using System.Net;
using System.Text.Json;
using Esddns.Operator;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>The state of a record has one definition and is the same in every output.</summary>
public sealed class StatusTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task ProviderRefuses_AllOutputsShowTheSameState()
    {
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 401 });
        await run.RoundAsync();

        using var status = JsonDocument.Parse(
            await run.Http.GetStringAsync(new Uri("/status", UriKind.Relative), Cancel)
        );
        var record = status.RootElement.GetProperty("records")[0];
        Assert.False(status.RootElement.GetProperty("inSync").GetBoolean());
        Assert.False(record.GetProperty("inSync").GetBoolean());
        Assert.Equal("Failed", record.GetProperty("state").GetString());
        Assert.Contains("401", record.GetProperty("reason").GetString(), StringComparison.Ordinal);
        // A lasting fault has a constant Event message; only the reason contains the time of the next attempt.
        Assert.Contains("; next attempt at 2", record.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("until", run.Snapshot.Records[0].LastError!.Message, StringComparison.Ordinal);
        var metrics = await run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Contains("esddns_state_in_sync{domain=\"home.example.com\"} 0", metrics, StringComparison.Ordinal);
        Assert.Contains("record_type=\"A\",state=\"Failed\"} 1", metrics, StringComparison.Ordinal);
        var health = await run.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains(
            "records: Degraded: 1 of 1 records not up to date: home.example.com A Failed",
            await health.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
        Assert.Equal((1, "not in sync: home.example.com A: "), await OnceAsync(run, 33));
    }

    [Fact]
    public async Task ForeignValue_IsKeptAndReported()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "198.51.100.9");
        var record = (await run.RoundAsync()).Records[0];
        Assert.Equal((SyncStatus.UpToDate, "198.51.100.9"), (record.State, Assert.Single(record.Foreign)));
        Assert.StartsWith(
            "1 foreign value kept: 198.51.100.9; changed by another client at 2",
            record.Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(2, _simulator.LiveDns.Values("example.com", "home", "A")!.Length);
    }

    [Fact]
    public async Task UnusableAddress_PreservesTheRecord_AndIsReported()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("10.0.0.1");
        var first = (await run.RoundAsync()).Records[0];
        var again = (await run.RoundAsync()).Records[0];
        Assert.Equal(SyncStatus.LeftAlone, first.State);
        Assert.StartsWith("address unknown (", first.Reason, StringComparison.Ordinal);
        Assert.Contains("; record unchanged since 2", first.Reason, StringComparison.Ordinal);
        Assert.Equal(first.Preserved!.Since, again.Preserved!.Since);
        Assert.False(run.Snapshot.InSync);
        Assert.Equal(["203.0.113.10"], _simulator.LiveDns.Values("example.com", "home", "A")!);
    }

    [Fact]
    public async Task MissingFamily_IsSkippedAndReported()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Esddns:Records:0:Types"] = "A,AAAA",
            services => services.AddSingleton<HostAddresses, WithoutIPv6>()
        );
        _simulator.Wan.IPv6 = null;
        Assert.Equal(
            (
                0,
                "in sync: home.example.com A 203.0.113.10 (updated); home.example.com AAAA skipped: this host "
                    + "has no IPv6 address"
            ),
            await OnceAsync(run, 300)
        );
    }

    [Fact]
    public async Task MostSevereReason_ComesFirst()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Esddns:Records:0:Types"] = "A,AAAA",
            services => services.AddSingleton<HostAddresses, WithIPv6>()
        );
        _simulator.Wan.IPv6 = null;
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 403 });
        Assert.Equal((1, "not in sync: home.example.com A: GET home.example.com A: 403"), await OnceAsync(run, 60));
    }

    [Fact]
    public async Task StateNotStored_HealthIsDegraded()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-");
        var file = Path.Combine(folder.FullName, "state.json");
        Directory.CreateDirectory(file + ".next/full");
        await using (var run = await OperatorRun.StartAsync(_simulator, s => s["Esddns:State:File"] = file))
        {
            await Eventually.IsTrueAsync(async () =>
            {
                using var answer = await run.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancel);
                return (await answer.Content.ReadAsStringAsync(Cancel)).Contains(
                    "state: Degraded",
                    StringComparison.Ordinal
                );
            });
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task EveryRoundFails_HealthIsUnhealthy_UntilARoundSucceeds()
    {
        var time = new JumpingTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var records = new Faulty();
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            services: s => s.AddSingleton<IDesiredRecords>(records).AddSingleton<TimeProvider>(time)
        );
        await Eventually.IsTrueAsync(() =>
            HealthIsAsync(HttpStatusCode.ServiceUnavailable, "the last 3 rounds failed: out of order")
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await run.Http.GetAsync(new Uri("/alive", UriKind.Relative), Cancel)).StatusCode
        );
        records.IsFaulty = false;
        await Eventually.IsTrueAsync(() => HealthIsAsync(HttpStatusCode.OK, "loop: Healthy"));

        async Task<bool> HealthIsAsync(HttpStatusCode code, string text)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var answer = await run.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancel);
            return answer.StatusCode == code
                && (await answer.Content.ReadAsStringAsync(Cancel)).Contains(text, StringComparison.Ordinal);
        }
    }

    private static async Task<(int Code, string Output)> OnceAsync(OperatorRun run, int characters)
    {
        using var output = new StringWriter();
        var code = await OneRound.RunAsync(run.Services, output, Cancel);
        var line = output.ToString().Trim();
        return (code, line[..Math.Min(line.Length, characters)]);
    }

    private sealed class WithoutIPv6 : HostAddresses
    {
        public override IReadOnlyList<HostAddress> Current => [];
    }

    private sealed class WithIPv6 : HostAddresses
    {
        public override bool HasNone(IpFamily family, Func<IPAddress, bool> isReachable) => false;
    }

    private sealed class Faulty : IDesiredRecords
    {
        public bool IsFaulty { get; set; } = true;

        public ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken) =>
            IsFaulty
                ? throw new InvalidOperationException("out of order")
                : ValueTask.FromResult<IReadOnlyList<DesiredRecord>>([]);
    }
}
