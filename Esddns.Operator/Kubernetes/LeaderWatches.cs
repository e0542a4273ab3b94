using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Kubernetes.Watching;
using Esddns.Operator.Reconcile;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes;

/// <summary>What only the leader looks at, for the length of a term: thousands of nodes that watched all this would cost the API server dearly.</summary>
internal sealed class LeaderWatches(IKubernetes api, KubernetesOptions options, Wakeups wakeups, TimeProvider time, Random random, ILoggerFactory loggers)
{
    private volatile Caches? _current;

    /// <summary>Whether all has been listed and is being watched.</summary>
    public bool IsRunning => _current is { IsComplete: true };

    /// <summary>All nodes.</summary>
    public ObjectCache<V1Node> Nodes => Current.Nodes;

    /// <summary>All Services.</summary>
    public ObjectCache<V1Service> Services => Current.Services;

    /// <summary>All DynamicRecords.</summary>
    public ObjectCache<DynamicRecord> Records => Current.Records;

    /// <summary>The nodes' reports.</summary>
    public ObjectCache<V1Lease> Reports => Current.Reports;

    /// <summary>The ConfigMap <c>esddns-config</c>.</summary>
    public ObjectCache<V1ConfigMap> Configuration => Current.Configuration;

    private Caches Current => _current ?? throw new InvalidOperationException("Only a leader watches this.");

    /// <summary>Lists everything, and watches it until the term ends.</summary>
    public async Task StartAsync(Term term)
    {
        var caches = _current = new Caches(
            Cache(Kinds.Nodes(api), NodeAddresses.Essence),
            Cache(Kinds.Services(api, options.WatchNamespace), ServiceAddresses.Essence),
            Cache(Kinds.DynamicRecords(api, options.WatchNamespace), Essence),
            Cache(Kinds.Leases(api, options.Namespace, labels: NodeReport.Selector), NodeReports.Essence, RoundReason.Peers),
            Cache(Kinds.ConfigMap(api, options.Namespace, KubernetesOptions.ConfigName), Essence));
        _ = Task.WhenAll(
            caches.Nodes.RunAsync(term.Ended), caches.Services.RunAsync(term.Ended), caches.Records.RunAsync(term.Ended),
            caches.Reports.RunAsync(term.Ended), caches.Configuration.RunAsync(term.Ended));
        await Task.WhenAll(caches.Nodes.Listed, caches.Services.Listed, caches.Records.Listed, caches.Reports.Listed, caches.Configuration.Listed).WaitAsync(term.Ended);
        caches.IsComplete = true;
    }

    /// <summary>The term is over.</summary>
    public void Stop() => _current = null;

    private static string Essence(DynamicRecord? record) => record is null ? ""
        : $"{record.Metadata.Generation}|{record.Metadata.DeletionTimestamp}|{Cleanup.IsWanted(record)}";

    private static string Essence(V1ConfigMap? map) => string.Join('|', (map?.Data ?? new Dictionary<string, string>()).Select(d => $"{d.Key}={d.Value}"));

    /// <summary>A cache that wakes the loop when something changes that concerns records.</summary>
    private ObjectCache<T> Cache<T>(ResourceKind<T> kind, Func<T?, string> essence, params RoundReason[] more) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var cache = new ObjectCache<T>(kind, time, random, loggers.CreateLogger<ObjectCache<T>>());
        cache.Changed += (before, after) =>
        {
            if (essence(before) == essence(after)) return;
            foreach (var reason in more.Prepend(RoundReason.Cluster)) wakeups.Wake(reason);
        };
        return cache;
    }

    /// <summary>Those of one term.</summary>
    private sealed record Caches(
        ObjectCache<V1Node> Nodes, ObjectCache<V1Service> Services, ObjectCache<DynamicRecord> Records, ObjectCache<V1Lease> Reports, ObjectCache<V1ConfigMap> Configuration)
    {
        public volatile bool IsComplete;
    }
}
