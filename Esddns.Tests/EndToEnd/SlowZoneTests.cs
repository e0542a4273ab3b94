using System.Net;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>Zones are processed side by side: a slow zone does not delay the others, and no record is written twice at
/// the same time.</summary>
public sealed class SlowZoneTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        lock (_simulator.LiveDns.Gate)
            _simulator.LiveDns.Main.Zones.Add(SimZone.New("example.org"));
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task ZoneThatDoesNotAnswer_OtherZonesFollowTheAddress(string method)
    {
        await using var run = await OperatorRun.StartAsync(_simulator, TwoZones);
        await Eventually.IsTrueAsync(() => run.Snapshot is { Round: > 0, InSync: true });
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Silence) { Zone = "example.com", Method = method });
        foreach (var address in new[] { "198.51.100.7", "198.51.100.8", "198.51.100.9" })
        {
            _simulator.Wan.IPv4 = IPAddress.Parse(address);
            await Eventually.IsTrueAsync(() => Values("example.org") is [var value] && value == address);
        }

        Assert.Equal(["203.0.113.10"], Values("example.com"));
        Assert.False(run.Snapshot.InSync);
    }

    [Fact]
    public async Task ManyZonesThatDoNotAnswer_OtherZonesFollowTheAddress()
    {
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            s =>
            {
                TwoZones(s);
                s["Esddns:LiveDns:MaxConcurrentRequests"] = "1";
                for (var i = 2; i < 5; i++)
                {
                    _simulator.LiveDns.Main.Zones.Add(SimZone.New($"zone{i}.example"));
                    s[$"Esddns:Records:{i}:Zone"] = $"zone{i}.example";
                    s[$"Esddns:Records:{i}:Name"] = "home";
                }
            }
        );
        await Eventually.IsTrueAsync(() => run.Snapshot is { Round: > 0, InSync: true });
        foreach (var zone in new[] { "example.com", "zone2.example", "zone3.example", "zone4.example" })
            _simulator.Faults.Add(new Fault("livedns", FaultEffect.Silence) { Zone = zone });
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await Eventually.IsTrueAsync(() => Values("example.org") is ["198.51.100.7"]);
    }

    [Fact]
    public async Task AddressChangesDuringASlowWrite_RecordFollows_OneWriteAtATime()
    {
        await using var run = await OperatorRun.StartAsync(_simulator, TwoZones);
        await Eventually.IsTrueAsync(() => run.Snapshot is { Round: > 0, InSync: true });
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Latency)
            {
                LatencyMs = 4000,
                Zone = "example.com",
                Method = "PUT",
                Count = 1,
            }
        );
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await Eventually.IsTrueAsync(() => Values("example.org") is ["198.51.100.7"]);
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.8");
        await Eventually.IsTrueAsync(() => Values("example.com") is ["198.51.100.8"]);
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
        Assert.Equal(1, MostAtOnce(_simulator.Requests.All.Where(r => r.Path.Contains("example.com/records/home"))));
    }

    [Fact]
    public async Task ManyRecords_AreWrittenAtTheSameTime_WithinTheLimitOfTheAccount()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:LiveDns:MaxConcurrentRequests"] = "4";
                for (var i = 0; i < 12; i++)
                {
                    s[$"Esddns:Records:{i}:Zone"] = i % 2 == 0 ? "example.com" : "example.org";
                    s[$"Esddns:Records:{i}:Name"] = $"host{i}";
                }
            }
        );
        // No request ends before four have begun, so their number does not depend on the speed of the machine.
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Latency) { LatencyMs = 1000, Method = "PUT" });
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(4, MostAtOnce(_simulator.Requests.All));
    }

    [Fact]
    public async Task UnexpectedFault_ConcernsOneZone()
    {
        using var logs = new CountingLogs();
        await using var run = OperatorRun.Build(
            _simulator,
            TwoZones,
            services =>
                logs.AddTo(services.ConfigureHttpClientDefaults(c => c.AddHttpMessageHandler(() => new Mistake())))
        );
        await run.RoundAsync();
        var snapshot = await run.RoundAsync();
        Assert.Equal(1, logs.Count("ZoneFailed"));
        Assert.Equal(["203.0.113.10"], Values("example.org"));
        var failed = Assert.Single(snapshot.Records, r => r.State == SyncStatus.Failed);
        Assert.Equal(("home.example.com", "internal"), (failed.Fqdn.ToString(), failed.LastError?.Type));
    }

    private static void TwoZones(Dictionary<string, string?> settings)
    {
        settings["Esddns:Records:1:Zone"] = "example.org";
        settings["Esddns:Records:1:Name"] = "home";
        settings["Esddns:CanaryInterval"] = "1";
    }

    private IReadOnlyList<string>? Values(string zone) => _simulator.LiveDns.Values(zone, "home", "A");

    private static int MostAtOnce(IEnumerable<LoggedRequest> requests)
    {
        LoggedRequest[] all = [.. requests];
        return all.Max(r => all.Count(o => o.Start <= r.Start && r.Start < o.End));
    }

    /// <summary>A programming mistake that concerns one zone.</summary>
    private sealed class Mistake : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) =>
            request.RequestUri!.AbsolutePath.Contains("/example.com/", StringComparison.Ordinal)
                ? throw new InvalidOperationException("a mistake")
                : base.SendAsync(request, cancellationToken);
    }
}
