using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Esddns.Simulator;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Three operators as processes, and a leader that is killed or suspended at random moments, mostly around a write. Two never write at
/// the same time, and no change is lost. ESDDNS_FAILOVERS says how often, ESDDNS_CHAOS_SEED repeats a run.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class FailoverTests(KubeApi api) : IAsyncLifetime
{
    private static readonly string[] s_pods = ["a", "b", "c"];
    private readonly ConcurrentDictionary<int, V1Lease> _terms = new();
    private readonly Dictionary<string, Process> _processes = [];
    private readonly CancellationTokenSource _end = new();
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;
    private Task _watching = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Failovers => int.Parse(Environment.GetEnvironmentVariable("ESDDNS_FAILOVERS") ?? "5", CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        foreach (var pod in s_pods) _simulator.LiveDns.Main.Tokens.Add(new SimToken(pod, Token(pod)));
        _namespace = await api.NamespaceAsync();
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task DefaultTimes_AfterAKill_AnotherOneWrites()
    {
        foreach (var pod in s_pods) Start(pod, ["Esddns__Kubernetes__LeaseDuration=15", "Esddns__Kubernetes__RenewDeadline=10", "Esddns__Kubernetes__RetryPeriod=2"]);
        await IsRightAsync();
        var killed = Stopwatch.GetTimestamp();
        await KillAsync(await LeaderAsync());
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.77");
        await IsRightAsync();
        Measured.Tell($"failover, killed with the default times: {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s until another one had written");
        CheckWriters();
    }

    [Fact]
    public async Task KillsAndPauses_AtAnyMoment_NeverTwoWriters_NoChangeLost()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("ESDDNS_CHAOS_SEED") ?? "1", CultureInfo.InvariantCulture);
        var random = new Random(seed);
        foreach (var pod in s_pods) Start(pod);
        await IsRightAsync();
        var (afterKill, afterPause) = (new List<double>(), new List<double>());
        for (var i = 0; i < Failovers * 2; i++)
        {
            var leader = await LeaderAsync();
            _simulator.Wan.IPv4 = new IPAddress([198, 51, 100, (byte)(i % 200 + 1)]);
            // A request wakes the leader at once, so that the moment falls somewhere into its round.
            await SyncAsync(leader);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, Cancel);
            var began = Stopwatch.GetTimestamp();
            if (i % 2 == 0)
            {
                await KillAsync(leader);
                await IsRightAsync();
                afterKill.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                Start(leader);
            }
            else
            {
                var resumed = PauseAsync(leader, TimeSpan.FromMilliseconds(random.Next(100, 4000)));
                await IsRightAsync();
                afterPause.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                await resumed;
            }
        }

        Measured.Tell($"failover, seed {seed}, lease 5 s, deadline 2 s: seconds until the record was right");
        Measured.Tell($"  after {afterKill.Count} kills:  {Measured.Distribution(afterKill)}");
        Measured.Tell($"  after {afterPause.Count} pauses: {Measured.Distribution(afterPause)}");
        CheckWriters();
    }

    [Fact]
    public async Task RollingUpdate_TheNextOneLeadsSoon()
    {
        foreach (var pod in s_pods) Start(pod);
        await IsRightAsync();
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var leader = await LeaderAsync();
            var began = Stopwatch.GetTimestamp();
            await SignalAsync(leader, "TERM");
            await Eventually.IsTrueAsync(async () => await LeaderAsync() is var next && next != leader);
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await _processes[leader].WaitForExitAsync(Cancel);
            Assert.Equal(0, _processes[leader].ExitCode);
            Start(leader);
        }

        Measured.Tell($"failover, seconds from SIGTERM to the next leader: {Measured.Distribution(times)}");
        CheckWriters();
    }

    /// <summary>Each write came from who held the Lease when it arrived, and after nobody else had taken it.</summary>
    private void CheckWriters()
    {
        var terms = _terms.OrderBy(t => t.Key).Select(t => (Pod: t.Value.Spec.HolderIdentity.Split('_')[0], From: t.Value.Spec.AcquireTime!.Value)).ToArray();
        var writes = _simulator.Requests.Writes;
        Assert.NotEmpty(writes);
        Assert.True(terms.Length > 1, "the Lease never changed hands");
        foreach (var write in writes)
        {
            var holder = terms.Last(t => t.From <= write.Start.UtcDateTime);
            Assert.True(holder.Pod == write.Token, $"{write.Token} wrote at {write.Start:O}, while {holder.Pod} held the Lease since {holder.From:O}");
        }
    }

    private Task IsRightAsync() => Eventually.IsTrueAsync(
        () => _simulator.LiveDns.Values("example.com", "home", "A") is [var value] && value == _simulator.Wan.IPv4!.ToString(), "the record holds the WAN address");

    private async Task<string> LeaderAsync()
    {
        var leader = "";
        await Eventually.IsTrueAsync(() => (leader = !_terms.IsEmpty ? _terms[_terms.Keys.Max()].Spec.HolderIdentity.Split('_')[0] : "").Length > 0);
        return leader;
    }

    /// <summary>Every term, as the API server told it.</summary>
    private async Task WatchAsync()
    {
        var version = (await _namespace.Admin.CoordinationV1.ListNamespacedLeaseAsync(_namespace.Name, cancellationToken: _end.Token)).Metadata.ResourceVersion;
        await foreach (var (_, lease) in _namespace.Admin.CoordinationV1.WatchListNamespacedLeaseAsync(
            _namespace.Name, fieldSelector: "metadata.name=esddns-operator", resourceVersion: version, timeoutSeconds: 3600, cancellationToken: _end.Token))
            if (!string.IsNullOrEmpty(lease.Spec.HolderIdentity)) _terms.TryAdd(lease.Spec.LeaseTransitions ?? 0, lease);
    }

    private void Start(string pod, params string[] more)
    {
        var settings = OperatorRun.Settings(_simulator);
        _namespace.Settings(pod, more: s =>
        {
            s["Esddns:LiveDns:Token"] = Token(pod);
            // What a leader sent within its deadline must have arrived before the Lease is free: the difference is for slow machines.
            s["Esddns:Kubernetes:LeaseDuration"] = "5";
            s["Esddns:Kubernetes:RenewDeadline"] = "2";
            s["Esddns:Kubernetes:RetryPeriod"] = "0.3";
            s["Esddns:CanaryInterval"] = "1";
            s["Logging:LogLevel:Default"] = "Error";
            s.Remove("urls");
        })(settings);
        var environment = settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var pair in more.Select(m => m.Split('='))) environment[pair[0]] = pair[1];
        var process = Tool.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Esddns.Operator.dll")], environment);
        process.StandardInput.Close();
        _ = TestLogs.PassOnAsync(process.StandardOutput, pod);
        _ = TestLogs.PassOnAsync(process.StandardError, pod);
        _processes[pod] = process;
    }

    private async Task KillAsync(string pod)
    {
        _processes[pod].Kill();
        await _processes[pod].WaitForExitAsync(Cancel);
        _processes[pod].Dispose();
        _processes.Remove(pod);
    }

    private async Task PauseAsync(string pod, TimeSpan length)
    {
        await SignalAsync(pod, "STOP");
        await Task.Delay(length, TimeProvider.System, Cancel);
        await SignalAsync(pod, "CONT");
    }

    private Task SignalAsync(string pod, string signal) => Tool.RunAsync("kill", [$"-{signal}", _processes[pod].Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>As another pod would ask for it.</summary>
    private Task SyncAsync(string pod) => _namespace.Admin.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(new { metadata = new { annotations = new Dictionary<string, string> { ["esddns.io/sync-requested"] = $"{pod} {Guid.NewGuid()}" } } }, V1Patch.PatchType.MergePatch),
        "esddns-wan-ip", _namespace.Name, cancellationToken: Cancel);

    private static string Token(string pod) => $"token-of-{pod}";
}
