using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Queue;
using Esddns.Tests.Kubernetes;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <summary>
/// The queue on a real API server, with leaders that end at any step. Every event arrives at every channel. It arrives
/// twice only when a leader ended between the message and its confirmation, and that is counted.
/// </summary>
public sealed class LeaderChangeTests(KubeApi api) : IAsyncLifetime
{
    private const int Changes = 50;
    private static readonly TimeSpan s_burst = TimeSpan.FromSeconds(10);
    private readonly NotificationBench _bench = new();
    private KubeNamespace _namespace = null!;
    private Receiver _first = null!;
    private Receiver _second = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _namespace = await api.NamespaceAsync();
        (_first, _second) = (await Receiver.StartAsync(), await Receiver.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task FiftyLeadersThatEndAnywhere_TellEveryEvent_AndCountEveryRepeat()
    {
        var random = new Random(FailoverBench.Seed);
        var told = new List<string>();
        await NotificationBench.RunAsync(Process(Store()));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < Changes; i++)
        {
            var (before, after) = ($"198.51.100.{i}", $"198.51.100.{i + 1}");
            _bench.State.Update(s => s with { Leader = $"pod-{i}" });
            _bench.Write(before, after);
            told.Add(after);
            // The leader ends at one of its writes, before it or after it, or at none of them.
            var leader = Process(new EndingStore(Store(), random.Next(0, 8)));
            try
            {
                await NotificationBench.RunAsync(leader);
                await _bench.RunAfterAsync(leader, s_burst);
            }
            catch (EndingStore.EndedException)
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        await NotificationBench.RunAsync(Process(Store()));
        await _bench.RunAfterAsync(Process(Store()), s_burst);
        foreach (var (name, receiver) in new[] { ("first", _first), ("second", _second) })
        {
            var messages = receiver.Messages;
            var ids = messages.Select(m => (string?)m["id"]).ToArray();
            var repeats = ids.Length - ids.Distinct().Count();
            var distinct = messages.DistinctBy(m => (string?)m["id"]).ToArray();
            foreach (var address in told)
                Assert.Single(distinct, m => Mentions(m, address));
            // An attempt that ended before it was sent is repeated as well, so repeats may be fewer than counted.
            Assert.InRange(repeats, 1, _bench.Sent.Count(s => s == $"{name} repeated"));
            var counted = _bench.Sent.Count(s => s == $"{name} repeated");
            Measured.Add($"notifications to {name}, {Changes} leaders that end at any step:");
            Measured.Add($"  {distinct.Length} messages, {repeats} of them twice, {counted} counted as repeated");
        }
    }

    /// <summary>A suspended leader wakes up after its successor has stored a newer queue.</summary>
    [Fact]
    public async Task EarlierLeader_CannotOverwriteTheQueue()
    {
        var (old, current) = (Store(), Store());
        var ledger = Assert.IsType<Ledger>(await old.LoadAsync(Cancel));
        Assert.Equal(SaveOutcome.Saved, await old.SaveAsync(ledger with { Leader = "old" }, Cancel));
        Assert.Equal("old", (await current.LoadAsync(Cancel))!.Leader);
        Assert.Equal(SaveOutcome.Saved, await current.SaveAsync(ledger with { Leader = "new" }, Cancel));
        Assert.Equal(SaveOutcome.Outdated, await old.SaveAsync(ledger with { Leader = "old" }, Cancel));
        Assert.Equal("new", (await old.LoadAsync(Cancel))!.Leader);
        Assert.Equal(SaveOutcome.Saved, await old.SaveAsync(ledger with { Leader = "old again" }, Cancel));
    }

    [Fact]
    public async Task TwoFirstLeaders_DoNotBothCreateTheQueue()
    {
        var (one, other) = (Store(), Store());
        await one.LoadAsync(Cancel);
        await other.LoadAsync(Cancel);
        Assert.Equal(SaveOutcome.Saved, await one.SaveAsync(Ledger.Empty, Cancel));
        Assert.Equal(SaveOutcome.Outdated, await other.SaveAsync(Ledger.Empty, Cancel));
    }

    [Fact]
    public async Task MissingRule_IsLoggedOnce_AndNothingIsSent()
    {
        var @namespace = await api.NamespaceAsync(withoutRule: r =>
            r.ResourceNames?.Contains("esddns-notifications") == true
        );
        using var client = ClusterClient.Create(Options(@namespace, @namespace.Kubeconfig), TimeProvider.System);
        var process = Process(new ClusterLedger(client, Options(@namespace, null), Logger()));
        for (var i = 0; i < 3; i++)
            await process.RunOnceAsync(Cancel);
        Assert.Equal(1, _bench.Logs.Count("QueueNotStored"));
        Assert.Contains(
            _bench.Logs.Lines,
            l => l.Contains("cannot get resource \"configmaps\"", StringComparison.Ordinal)
        );
        Assert.Empty(_first.Requests);
    }

    private static bool Mentions(System.Text.Json.Nodes.JsonObject message, string address) =>
        $"{message["title"]}\n{message["text"]}\n"
            .Replace("(", "\n", StringComparison.Ordinal)
            .Split('\n')
            .Any(line => line.TrimEnd().EndsWith($" to {address}", StringComparison.Ordinal));

    private static KubernetesOptions Options(KubeNamespace @namespace, string? kubeconfig) =>
        new()
        {
            Namespace = @namespace.Name,
            Kubeconfig = kubeconfig,
            PodName = "pod",
            NodeName = "node",
        };

    private Microsoft.Extensions.Logging.ILogger<ClusterLedger> Logger() =>
        new Microsoft.Extensions.Logging.Logger<ClusterLedger>(
            new Microsoft.Extensions.Logging.LoggerFactory([_bench.Logs])
        );

    private ClusterLedger Store() => new(_namespace.Client, Options(_namespace, null), Logger());

    private Notifier Process(ILedgerStore store) =>
        _bench.Process(
            store,
            NotificationBench.Channel("first", _first.Url, events: EventKind.RecordCorrected),
            NotificationBench.Channel("second", _second.Url, events: EventKind.RecordCorrected)
        );

    /// <summary>Ends the leader at one of its writes: at even numbers before it, at odd ones after it.</summary>
    private sealed class EndingStore(ILedgerStore store, int endAt) : ILedgerStore
    {
        private int _writes;

        public Task<Ledger?> LoadAsync(CancellationToken cancellationToken) => store.LoadAsync(cancellationToken);

        public async Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken)
        {
            var write = _writes++;
            if (2 * write == endAt)
                throw new EndedException();
            var outcome = await store.SaveAsync(ledger, cancellationToken);
            return 2 * write + 1 == endAt ? throw new EndedException() : outcome;
        }

        public sealed class EndedException : Exception;
    }
}
