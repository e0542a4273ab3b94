using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// What only the leader looks at, for the length of a term: thousands of nodes that watched all this would cost the API
/// server dearly.
/// </summary>
internal sealed class LeaderInformers(
    ApiClient api,
    KubernetesOptions options,
    ReconcileTrigger trigger,
    TimeProvider time,
    Random random,
    ILoggerFactory loggers
)
{
    private volatile Informers? _current;

    /// <summary>Whether all has been listed and is being watched.</summary>
    public bool IsRunning => _current is { IsComplete: true };

    /// <summary>All nodes.</summary>
    public Informer<Node> Nodes => Current.Nodes;

    /// <summary>All Services.</summary>
    public Informer<Service> Services => Current.Services;

    /// <summary>All DynamicRecords.</summary>
    public Informer<DynamicRecord> Records => Current.Records;

    /// <summary>The nodes' reports.</summary>
    public Informer<Lease> Reports => Current.Reports;

    /// <summary>The ConfigMap <c>esddns-config</c>.</summary>
    public Informer<ConfigMap> Configuration => Current.Configuration;

    private Informers Current => _current ?? throw new InvalidOperationException("Only a leader watches this.");

    /// <summary>Lists everything, and watches it until the term ends.</summary>
    public async Task StartAsync(LeadershipTerm term)
    {
        var informers = _current = new Informers(
            Create(ResourceClients.Nodes(api), NodeAddresses.Essence),
            Create(ResourceClients.Services(api, options.WatchNamespace), ServiceAddresses.Essence),
            Create(ResourceClients.DynamicRecords(api, options.WatchNamespace), Essence),
            Create(
                ResourceClients.Leases(api, options.Namespace, labels: NodeReport.Selector),
                NodeReports.Essence,
                ReconcileReason.Peers
            ),
            Create(ResourceClients.ConfigMap(api, options.Namespace, KubernetesOptions.ConfigName), Essence)
        );
        _ = Task.WhenAll(
            informers.Nodes.RunAsync(term.Ended),
            informers.Services.RunAsync(term.Ended),
            informers.Records.RunAsync(term.Ended),
            informers.Reports.RunAsync(term.Ended),
            informers.Configuration.RunAsync(term.Ended)
        );
        await Task.WhenAll(
                informers.Nodes.Listed,
                informers.Services.Listed,
                informers.Records.Listed,
                informers.Reports.Listed,
                informers.Configuration.Listed
            )
            .WaitAsync(term.Ended);
        informers.IsComplete = true;
    }

    /// <summary>The term is over.</summary>
    public void Stop() => _current = null;

    private static string Essence(DynamicRecord? record) =>
        record is null
            ? ""
            : $"{record.Metadata.Generation}|{record.Metadata.DeletionTimestamp}|{Cleanup.IsWanted(record)}";

    private static string Essence(ConfigMap? map) =>
        string.Join('|', (map?.Data ?? new Dictionary<string, string>()).Select(d => $"{d.Key}={d.Value}"));

    /// <summary>An informer that wakes the loop when something changes that concerns records.</summary>
    private Informer<T> Create<T>(ResourceClient<T> kind, Func<T?, string> essence, params ReconcileReason[] more)
        where T : KubernetesObject
    {
        var informer = new Informer<T>(kind, time, random, loggers.CreateLogger<Informer<T>>());
        informer.Changed += (before, after) =>
        {
            if (essence(before) == essence(after))
                return;
            foreach (var reason in more.Prepend(ReconcileReason.Cluster))
                trigger.Request(reason);
        };
        return informer;
    }

    /// <summary>Those of one term.</summary>
    private sealed record Informers(
        Informer<Node> Nodes,
        Informer<Service> Services,
        Informer<DynamicRecord> Records,
        Informer<Lease> Reports,
        Informer<ConfigMap> Configuration
    )
    {
        public volatile bool IsComplete;
    }
}
