using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.LiveDns;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;

namespace Esddns.Tests.Kubernetes;

/// <summary>Three operators as processes that compete for one Lease. Each has its own token.</summary>
internal sealed class FailoverBench : IAsyncDisposable
{
    private const string Lease = "metadata.name=esddns-operator";
    private static readonly string[] s_pods = ["a", "b", "c"];
    private readonly ConcurrentDictionary<int, V1Lease> _terms = new();
    private readonly Dictionary<string, Process> _processes = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;

    private FailoverBench(SimulatorHost simulator, KubeNamespace @namespace)
    {
        (Simulator, Namespace) = (simulator, @namespace);
        foreach (var pod in s_pods)
            simulator.LiveDns.Main.Tokens.Add(new SimToken(pod, Token(pod)));
        _watching = WatchAsync();
    }

    /// <summary>The number of kills, and of suspensions, in a test.</summary>
    public static int Failovers => Number("ESDDNS_FAILOVERS", 5);

    /// <summary>The number of failovers of kinds that take far longer.</summary>
    public static int HeldFailovers => Math.Max(1, Failovers / 4);

    /// <summary>The number of failovers with the default times, each of at least 15 s; bench/run needs many.</summary>
    public static int DefaultFailovers => Number("ESDDNS_DEFAULT_FAILOVERS", 1);

    /// <summary>Whether long tests run.</summary>
    public static bool IsThorough => Failovers >= 20;

    /// <summary>The random seed; ESDDNS_CHAOS_SEED repeats a run.</summary>
    public static int Seed => Number("ESDDNS_CHAOS_SEED", 1);

    /// <summary>The DNS provider and the address sources of all operators.</summary>
    public SimulatorHost Simulator { get; }

    /// <summary>The namespace of the operators.</summary>
    public KubeNamespace Namespace { get; }

    /// <summary>The foreign value in the record; null before it is added.</summary>
    public string? Foreign { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Prepares everything except the operators.</summary>
    public static async Task<FailoverBench> NewAsync(KubeApi api) =>
        new(await Sim.StartAsync(), await api.NamespaceAsync());

    /// <inheritdoc/>
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
        await Simulator.DisposeAsync();
    }

    /// <summary>Starts all operators and waits for the first write.</summary>
    public async Task StartAsync(params string[] more)
    {
        foreach (var pod in s_pods)
            Start(pod, more);
        await IsInSyncAsync();
    }

    /// <summary>Adds a foreign value to the record.</summary>
    public void AddForeign(string value)
    {
        Foreign = value;
        Simulator.LiveDns.Set("example.com", "home", "A", 300, Simulator.Wan.IPv4!.ToString(), value);
    }

    /// <summary>Waits until the record holds the WAN address and the foreign value.</summary>
    public Task IsInSyncAsync() =>
        Eventually.IsTrueAsync(
            () =>
                (Simulator.LiveDns.Values("example.com", "home", "A") ?? [])
                    .Order()
                    .SequenceEqual(new[] { Simulator.Wan.IPv4!.ToString(), Foreign }.OfType<string>().Order()),
            "the record holds the WAN address"
        );

    /// <summary>The pod that last acquired the Lease.</summary>
    public async Task<string> LeaderAsync()
    {
        var leader = "";
        await Eventually.IsTrueAsync(() => !_terms.IsEmpty && (leader = PodOf(_terms[_terms.Keys.Max()])).Length > 0);
        return leader;
    }

    /// <summary>The published state of the leader.</summary>
    public async Task<Snapshot?> StateAsync() =>
        StateContent.Read(
            await Namespace.Client.GetAsync(Resources.ConfigMaps, Namespace.Name, KubernetesOptions.StateName, Cancel)
        );

    /// <summary>Checks that each write came from the holder of the Lease at the time of its arrival.</summary>
    public void CheckWriters()
    {
        var terms = _terms
            .OrderBy(t => t.Key)
            .Select(t => (Pod: PodOf(t.Value), From: t.Value.Spec.AcquireTime!.Value))
            .ToArray();
        // The rate limit refuses a request before its token is known.
        var writes = Simulator.Requests.Writes.Where(w => w.Status != 429).ToArray();
        Assert.NotEmpty(writes);
        Assert.True(terms.Length > 1, "the Lease never changed its holder");
        foreach (var write in writes)
        {
            var holder = terms.Last(t => t.From <= write.Start.UtcDateTime);
            Assert.True(
                holder.Pod == write.Token,
                $"{write.Token} wrote at {write.Start:O}, while {holder.Pod} held the Lease since {holder.From:O}"
            );
        }
    }

    /// <summary>Starts one operator.</summary>
    public void Start(string pod, params string[] more)
    {
        var settings = OperatorRun.Settings(Simulator);
        Namespace.Settings(
            pod,
            more: s =>
            {
                s["Esddns:LiveDns:Token"] = Token(pod);
                // Requests that a leader sends within its deadline must arrive before the Lease expires. The long
                // duration allows for slow machines.
                s["Esddns:Kubernetes:LeaseDuration"] = "5";
                s["Esddns:Kubernetes:RenewDeadline"] = "2";
                s["Esddns:Kubernetes:RetryPeriod"] = "0.3";
                s["Esddns:CanaryInterval"] = "1";
                s["Logging:LogLevel:Default"] = "Error";
                s.Remove("urls");
            }
        )(settings);
        var environment = settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var pair in more.Select(m => m.Split('=')))
            environment[pair[0]] = pair[1];
        string[] program = [Path.Combine(AppContext.BaseDirectory, "Esddns.Operator.dll")];
        var process = Tool.Start("dotnet", program, environment);
        process.StandardInput.Close();
        _ = TestLogs.ForwardAsync(process.StandardOutput, pod);
        _ = TestLogs.ForwardAsync(process.StandardError, pod);
        _processes[pod] = process;
    }

    /// <summary>Kills one operator.</summary>
    public async Task KillAsync(string pod)
    {
        _processes[pod].Kill();
        await _processes[pod].WaitForExitAsync(Cancel);
        _processes[pod].Dispose();
        _processes.Remove(pod);
    }

    /// <summary>Suspends one operator for a time.</summary>
    public async Task PauseAsync(string pod, TimeSpan length)
    {
        await SignalAsync(pod, "STOP");
        await Task.Delay(length, TimeProvider.System, Cancel);
        await SignalAsync(pod, "CONT");
    }

    /// <summary>Sends a signal to one operator.</summary>
    public Task SignalAsync(string pod, string signal) =>
        Tool.RunAsync("kill", [$"-{signal}", _processes[pod].Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Waits for the exit of one operator.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(string pod)
    {
        await _processes[pod].WaitForExitAsync(Cancel);
        return _processes[pod].ExitCode;
    }

    /// <summary>Requests a round, as another pod does.</summary>
    public Task SyncAsync(string pod)
    {
        var annotations = new Dictionary<string, string> { ["esddns.io/sync-requested"] = $"{pod} {Guid.NewGuid()}" };
        var patch = new V1Patch(new { metadata = new { annotations } }, V1Patch.PatchType.MergePatch);
        return Namespace.Admin.CoreV1.PatchNamespacedConfigMapAsync(
            patch,
            KubernetesOptions.StateName,
            Namespace.Name,
            cancellationToken: Cancel
        );
    }

    /// <summary>Watches the Lease and records every term. The API server can restart during the watch.</summary>
    private async Task WatchAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await WatchOnceAsync();
            }
            catch (Exception e) when (e is IOException or HttpRequestException or k8s.Autorest.HttpOperationException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task WatchOnceAsync()
    {
        var leases = Namespace.Admin.CoordinationV1;
        var list = await leases.ListNamespacedLeaseAsync(
            Namespace.Name,
            fieldSelector: Lease,
            cancellationToken: _end.Token
        );
        foreach (var lease in list.Items)
            Add(lease);
        await foreach (
            var (_, lease) in leases.WatchListNamespacedLeaseAsync(
                Namespace.Name,
                fieldSelector: Lease,
                resourceVersion: list.Metadata.ResourceVersion,
                timeoutSeconds: 3600,
                cancellationToken: _end.Token
            )
        )
        {
            Add(lease);
        }

        void Add(V1Lease lease)
        {
            if (!string.IsNullOrEmpty(lease.Spec.HolderIdentity))
                _terms.TryAdd(lease.Spec.LeaseTransitions ?? 0, lease);
        }
    }

    private static string PodOf(V1Lease lease) => lease.Spec.HolderIdentity.Split('_')[0];

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    private static string Token(string pod) => $"token-of-{pod}";
}
