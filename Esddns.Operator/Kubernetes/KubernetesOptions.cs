namespace Esddns.Operator.Kubernetes;

/// <summary>The settings of the operator in a cluster.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>The name of the leader's Lease in <see cref="Namespace"/>.</summary>
    public const string LeaseName = "esddns-operator";

    /// <summary>The name of the ConfigMap with the published state.</summary>
    public const string StateName = "esddns-wan-ip";

    /// <summary>The name of the ConfigMap with the queue of notifications.</summary>
    public const string NotificationsName = "esddns-notifications";

    /// <summary>
    /// The name of the ConfigMap with one record: <c>target-domain</c>, <c>record-name</c>, <c>record-ttl</c>.
    /// </summary>
    public const string ConfigName = "esddns-config";

    /// <summary>
    /// The name of the Secret with the operator's own token. Records without credentials of their own use it.
    /// </summary>
    public const string CredentialsName = "esddns-gandi-credentials";

    /// <summary>The default key of a token in a Secret.</summary>
    public const string CredentialsKey = "api-key";

    /// <summary>The path of a kubeconfig; null to use the service account of the pod.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The operator's own namespace. Default: <c>POD_NAMESPACE</c>, else that of the pod.</summary>
    public required string Namespace { get; init; }

    /// <summary>The namespace whose DynamicRecords and Services are read; null for all. Default: all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>
    /// The namespaces whose DynamicRecords and Services are not read, because another installation does. Default: none.
    /// </summary>
    public IReadOnlyList<string> ExcludedNamespaces { get; init; } = [];

    /// <summary>The namespaces whose objects may use the operator's own token; null for all. Default: all.</summary>
    public IReadOnlySet<string>? SharedWith { get; init; }

    /// <summary>
    /// By namespace, the domains in which its objects may have records. A namespace without an entry may use all
    /// domains. Default: no entries.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Dns.DomainName>> AllowedDomains { get; init; } =
        new Dictionary<string, IReadOnlyList<Dns.DomainName>>();

    /// <summary>The name of the pod. Default: <c>POD_NAME</c>, else the host's name.</summary>
    public required string PodName { get; init; }

    /// <summary>The name of the pod's node. Default: <c>NODE_NAME</c>, else the host's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>
    /// How long other pods wait for a leader that does not renew the Lease. 1 s to 10 min, default 15 s.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader leads without a renewal; shorter than <see cref="LeaseDuration"/>. 200 ms to 10 min, default
    /// 10 s.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time between two renewals; shorter than <see cref="RenewDeadline"/>. 50 ms to 1 min, default 2 s.
    /// </summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node renews an unchanged report. 10 s to 1 day, default 5 min.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The holder identity of this pod in the Lease.</summary>
    public string Identity => $"{PodName}_{NodeName}";
}
