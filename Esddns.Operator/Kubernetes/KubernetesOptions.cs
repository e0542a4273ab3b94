namespace Esddns.Operator.Kubernetes;

/// <summary>How the operator takes part in a cluster.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>The Lease for which all pods compete, in <see cref="Namespace"/>.</summary>
    public const string LeaseName = "esddns-operator";

    /// <summary>The ConfigMap with the published state.</summary>
    public const string StateName = "esddns-wan-ip";

    /// <summary>The ConfigMap with a record: <c>target-domain</c>, <c>record-name</c>, <c>record-ttl</c>.</summary>
    public const string ConfigName = "esddns-config";

    /// <summary>The Secret with the token for all that names no other: <c>api-key</c>.</summary>
    public const string CredentialsName = "esddns-gandi-credentials";

    /// <summary>The key in a Secret that holds a token, unless another is named.</summary>
    public const string CredentialsKey = "api-key";

    /// <summary>A kubeconfig file; null to use the service account of the pod.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The operator's own namespace. Default: <c>POD_NAMESPACE</c>, else that of the pod.</summary>
    public required string Namespace { get; init; }

    /// <summary>The namespace whose DynamicRecords and Services count; null for all. Default all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>The namespaces whose objects may use the operator's own token; null for all. Default all.</summary>
    public IReadOnlySet<string>? SharedWith { get; init; }

    /// <summary>
    /// By namespace, the domains that its objects may have records in. A namespace that is not named may have
    /// all. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Dns.DomainName>> AllowedDomains { get; init; } =
        new Dictionary<string, IReadOnlyList<Dns.DomainName>>();

    /// <summary>The name of the pod. Default: <c>POD_NAME</c>, else the host's name.</summary>
    public required string PodName { get; init; }

    /// <summary>The node that it runs on. Default: <c>NODE_NAME</c>, else the host's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>How long others wait for a silent leader. 1 s to 10 min, default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader believes in itself without a renewal; shorter than the lease. Default 10 s.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two renewals; shorter than the deadline. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node renews an unchanged report. 10 s to 1 day, default 5 min.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who competes for the Lease.</summary>
    public string Identity => $"{PodName}_{NodeName}";
}
