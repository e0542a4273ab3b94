using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>The kinds of objects that the operator lists and watches.</summary>
internal static class ResourceClients
{
    /// <summary>All nodes.</summary>
    public static ResourceClient<Node> Nodes(ApiClient api) => Of("Nodes", api, Resources.Nodes, null, new());

    /// <summary>The Services of the namespaces that the operator watches.</summary>
    public static ResourceClient<Service> Services(ApiClient api, KubernetesOptions options) =>
        Watched("Services", api, Resources.Services, options);

    /// <summary>The Leases of a namespace that match a label selector.</summary>
    public static ResourceClient<Lease> Leases(ApiClient api, string @namespace, string labels) =>
        Of(NameOf("Leases", @namespace), api, Resources.Leases, @namespace, new() { LabelSelector = labels });

    /// <summary>One ConfigMap.</summary>
    public static ResourceClient<ConfigMap> ConfigMap(ApiClient api, string @namespace, string name) =>
        Of($"ConfigMap {@namespace}/{name}", api, Resources.ConfigMaps, @namespace, Named(name));

    /// <summary>One ConfigMap without its data.</summary>
    public static ResourceClient<ConfigMap> ConfigMapMetadata(ApiClient api, string @namespace, string name) =>
        Of($"ConfigMap {@namespace}/{name}", api, Resources.ConfigMapMetadata, @namespace, Named(name));

    /// <summary>One Secret. A role can allow this by name, without access to other Secrets.</summary>
    public static ResourceClient<Secret> Secret(ApiClient api, string @namespace, string name) =>
        Of($"Secret {@namespace}/{name}", api, Resources.Secrets, @namespace, Named(name));

    /// <summary>The DynamicRecords of the namespaces that the operator watches.</summary>
    public static ResourceClient<DynamicRecord> DynamicRecords(ApiClient api, KubernetesOptions options) =>
        Watched("DynamicRecords", api, Resources.DynamicRecords, options) with
        {
            IsOptional = true,
        };

    private static ResourceClient<T> Watched<T>(string name, ApiClient api, Resource<T> kind, KubernetesOptions options)
        where T : KubernetesObject =>
        Of(
            NameOf(name, options.WatchNamespace),
            api,
            kind,
            options.WatchNamespace,
            Without(options.ExcludedNamespaces)
        );

    private static ResourceClient<T> Of<T>(
        string name,
        ApiClient api,
        Resource<T> kind,
        string? @namespace,
        ListQuery query
    )
        where T : KubernetesObject =>
        new(
            name,
            (next, cancel) =>
                api.ListAsync(
                    kind,
                    @namespace,
                    query with
                    {
                        Limit = ResourceClient<T>.PageSize,
                        Continue = next,
                    },
                    cancel
                ),
            (version, seconds, cancel) =>
                api.WatchAsync(
                    kind,
                    @namespace,
                    query with
                    {
                        ResourceVersion = version,
                        TimeoutSeconds = seconds,
                    },
                    cancel
                )
        );

    private static string NameOf(string kind, string? @namespace) =>
        @namespace is null ? kind : $"{kind} in {@namespace}";

    private static ListQuery Without(IReadOnlyList<string> namespaces) =>
        new()
        {
            FieldSelector =
                namespaces.Count == 0 ? null : string.Join(',', namespaces.Select(n => $"metadata.namespace!={n}")),
        };

    private static ListQuery Named(string name) => new() { FieldSelector = $"metadata.name={name}" };
}
