using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Esddns.Simulator.Faults;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Three operators as processes. The test kills or suspends the leader at random moments, mostly close to a write. Two
/// operators never write at the same time, and no change is lost. ESDDNS_FAILOVERS sets the number of failovers,
/// ESDDNS_CHAOS_SEED repeats a run.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed partial class FailoverTests(KubeApi api) : IAsyncLifetime
{
    private FailoverBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await FailoverBench.NewAsync(api);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task DefaultTimes_LeaderKilled_AnotherPodWrites()
    {
        await _bench.StartAsync(
            "Esddns__Kubernetes__LeaseDuration=15",
            "Esddns__Kubernetes__RenewDeadline=10",
            "Esddns__Kubernetes__RetryPeriod=2"
        );
        var random = new Random(FailoverBench.Seed);
        var times = new List<double>();
        for (var i = 0; i < FailoverBench.DefaultFailovers; i++)
        {
            // The kill hits a random moment between two renewals of the Lease.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2000)), TimeProvider.System, Cancel);
            var leader = await _bench.LeaderAsync();
            var killed = Stopwatch.GetTimestamp();
            await _bench.KillAsync(leader);
            _bench.Simulator.Wan.IPv4 = new IPAddress([198, 51, 100, (byte)(i % 200 + 1)]);
            await _bench.IsInSyncAsync();
            times.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            _bench.Start(
                leader,
                "Esddns__Kubernetes__LeaseDuration=15",
                "Esddns__Kubernetes__RenewDeadline=10",
                "Esddns__Kubernetes__RetryPeriod=2"
            );
        }

        Measured.Add($"failover, {times.Count} kills with the default times: seconds until another one had written");
        Measured.Add($"  {Measured.Distribution(times)}");
        Measured.Add(
            $"  each: {string.Join(' ', times.Select(t => t.ToString("0.00", CultureInfo.InvariantCulture)))}"
        );
        _bench.CheckWriters();
    }

    [Fact]
    public async Task KillsAndPauses_AtAnyMoment_OneWriterAndNoLostChange()
    {
        var random = new Random(FailoverBench.Seed);
        await _bench.StartAsync();
        var (afterKill, afterPause) = (new List<double>(), new List<double>());
        for (var i = 0; i < FailoverBench.Failovers * 2; i++)
        {
            var leader = await _bench.LeaderAsync();
            _bench.Simulator.Wan.IPv4 = new IPAddress([198, 51, 100, (byte)(i % 200 + 1)]);
            // A request starts a round of the leader at once, so the random moment falls into this round.
            await _bench.SyncAsync(leader);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Cancel);
            var began = Stopwatch.GetTimestamp();
            if (i % 2 == 0)
            {
                await _bench.KillAsync(leader);
                await _bench.IsInSyncAsync();
                afterKill.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                _bench.Start(leader);
            }
            else
            {
                var resumed = _bench.PauseAsync(leader, TimeSpan.FromMilliseconds(random.Next(100, 4000)));
                await _bench.IsInSyncAsync();
                afterPause.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                await resumed;
            }
        }

        Measured.Add($"failover, seed {FailoverBench.Seed}, lease 5 s, deadline 2 s: seconds until right");
        Measured.Add($"  after {afterKill.Count} kills:  {Measured.Distribution(afterKill)}");
        Measured.Add($"  after {afterPause.Count} pauses: {Measured.Distribution(afterPause)}");
        _bench.CheckWriters();
    }

    [Fact]
    public async Task RollingUpdate_NextPodBecomesLeader()
    {
        await _bench.StartAsync();
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var leader = await _bench.LeaderAsync();
            var began = Stopwatch.GetTimestamp();
            await _bench.SignalAsync(leader, "TERM");
            await Eventually.IsTrueAsync(async () => await _bench.LeaderAsync() is var next && next != leader);
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            Assert.Equal(0, await _bench.ExitAsync(leader));
            _bench.Start(leader);
        }

        Measured.Add($"failover, seconds from SIGTERM to the next leader: {Measured.Distribution(times)}");
        _bench.CheckWriters();
    }

    /// <summary>
    /// The provider delays each write for up to fifteen seconds. Meanwhile the test kills or suspends the sender, and
    /// its successor writes a newer value. The test checks the request log of the simulator.
    /// </summary>
    [Fact]
    public async Task HeldWrites_OfLeadersKilledOrPaused_LeaveNoOutdatedValue()
    {
        const string Foreign = "192.0.2.99";
        var random = new Random(FailoverBench.Seed);
        await _bench.StartAsync();
        _bench.AddForeign(Foreign);
        var (afterKill, afterPause) = (new List<double>(), new List<double>());
        for (var i = 0; i < FailoverBench.HeldFailovers * 2; i++)
        {
            var leader = await _bench.LeaderAsync();
            ChangeAddress(2 * i);
            _bench.Simulator.Faults.Add(
                new Fault("livedns", FaultEffect.LateWrite) { LatencyMs = random.Next(1000, 15000), Count = 1 }
            );
            await _bench.SyncAsync(leader);
            await Eventually.IsTrueAsync(() => _bench.Simulator.Faults.Active.Count == 0);
            ChangeAddress((2 * i) + 1);
            var began = Stopwatch.GetTimestamp();
            var isKill = i % 2 == 0;
            var pause = TimeSpan.FromMilliseconds(random.Next(1000, 9000));
            var resumed = isKill ? _bench.KillAsync(leader) : _bench.PauseAsync(leader, pause);
            await _bench.IsInSyncAsync();
            (isKill ? afterKill : afterPause).Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await resumed;
            if (isKill)
                _bench.Start(leader);
        }

        await Eventually.IsTrueAsync(() => _bench.Simulator.Faults.Held == 0, "every delayed write has taken effect");
        await _bench.IsInSyncAsync();
        await Eventually.IsTrueAsync(async () =>
            (await _bench.StateAsync())!.Records is [{ InSync: true, Foreign: [Foreign] }]
        );
        var bodies = _bench.Simulator.Requests.Writes.Select(w => w.Body!).Where(b => Addresses().IsMatch(b));
        Assert.All(bodies, b => Assert.Contains(Foreign, b, StringComparison.Ordinal));
        _bench.CheckWriters();

        var outdated = Outdated().ToArray();
        Measured.Add($"failover with held writes, seed {FailoverBench.Seed}, lease 5 s: seconds until right");
        Measured.Add($"  after {afterKill.Count} kills:  {Measured.Distribution(afterKill)}");
        Measured.Add($"  after {afterPause.Count} pauses: {Measured.Distribution(afterPause)}");
        var held = FailoverBench.HeldFailovers * 2;
        Measured.Add($"  {held} delayed writes, {outdated.Length} after a newer one; outdated at the end: 0");
        if (outdated.Length > 0)
            Measured.Add($"  seconds until replaced: {Measured.Distribution(outdated)}");

        void ChangeAddress(int number) =>
            _bench.Simulator.Wan.IPv4 = new IPAddress([198, 51, (byte)(100 + number / 250), (byte)(number % 250 + 1)]);

        // The duration of each outdated value: from a write that took effect after a later one, to the next write. The
        // log has no status of a write whose sender has disconnected, but such a write still takes effect.
        IEnumerable<double> Outdated()
        {
            (DateTimeOffset Sent, DateTimeOffset Stored)[] writes =
            [
                .. _bench
                    .Simulator.Requests.Writes.Where(w => w.Status is 201 or null)
                    .Select(w => (w.Start, w.End))
                    .OrderBy(w => w.End),
            ];
            for (var i = 0; i < writes.Length - 1; i++)
            {
                if (writes[..i].Any(w => w.Sent > writes[i].Sent))
                    yield return (writes[i + 1].Stored - writes[i].Stored).TotalSeconds;
            }
        }
    }

    [GeneratedRegex("198[.0-9]+")]
    private static partial Regex Addresses();
}
