using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;

namespace Esddns.Operator.Kubernetes;

/// <summary>
/// The informers that only the leader runs, for one term. Watches from thousands of nodes would overload the API
/// server.
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

    /// <summary>Whether all objects have been listed and are watched.</summary>
    public bool IsRunning => _current is { IsComplete: true };

    /// <summary>Calls <paramref name="use"/> with each kind and whether its watch is lost, on a leader.</summary>
    public void EachWatch(Action<string, bool> use)
    {
        if (_current is not { } current)
            return;
        use("Nodes", current.Nodes.IsLost);
        use("Services", current.Services.IsLost);
        use("DynamicRecords", current.Records.IsLost);
        use("Leases", current.Reports.IsLost);
        use("ConfigMap", current.Configuration.IsLost);
    }

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

    private Informers Current =>
        _current ?? throw new InvalidOperationException("Only the leader runs these informers.");

    /// <summary>Lists all objects, and watches them until the term ends.</summary>
    public async Task StartAsync(LeadershipTerm term)
    {
        var informers = _current = new Informers(
            Create(ResourceClients.Nodes(api), NodeAddresses.Fingerprint),
            Create(ResourceClients.Services(api, options), ServiceAddresses.Fingerprint),
            Create(ResourceClients.DynamicRecords(api, options), Fingerprint),
            Create(
                ResourceClients.Leases(api, options.Namespace, labels: NodeReportWriter.Selector),
                NodeReportReader.Fingerprint,
                ReconcileReason.Peers
            ),
            Create(ResourceClients.ConfigMap(api, options.Namespace, KubernetesOptions.ConfigName), Fingerprint)
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

    /// <summary>Removes the informers of the ended term.</summary>
    public void Stop() => _current = null;

    private static string Fingerprint(DynamicRecord? record) =>
        record is null
            ? ""
            : $"{record.Metadata.Generation}|{record.Metadata.DeletionTimestamp}|{Cleanup.Fingerprint(record)}";

    private static string Fingerprint(ConfigMap? map) =>
        string.Join('|', (map?.Data ?? new Dictionary<string, string>()).Select(d => $"{d.Key}={d.Value}"));

    /// <summary>Creates an informer that triggers a round when the fingerprint of an object changes.</summary>
    private Informer<T> Create<T>(ResourceClient<T> kind, Func<T?, string> fingerprint, params ReconcileReason[] more)
        where T : KubernetesObject
    {
        var informer = new Informer<T>(kind, time, random, loggers.CreateLogger<Informer<T>>());
        informer.Changed += (before, after) =>
        {
            if (fingerprint(before) == fingerprint(after))
                return;
            foreach (var reason in more.Prepend(ReconcileReason.Cluster))
                trigger.Request(reason);
        };
        return informer;
    }

    /// <summary>The informers of one term.</summary>
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
