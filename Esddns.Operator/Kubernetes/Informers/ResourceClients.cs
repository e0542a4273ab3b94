using System.Text.Json;
using Esddns.Operator.Kubernetes.Records;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>The kinds of objects that the operator looks at.</summary>
internal static class ResourceClients
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_metadataList = Accept(
        "PartialObjectMetadataList"
    );
    private static readonly Dictionary<string, IReadOnlyList<string>> s_metadata = Accept("PartialObjectMetadata");

    /// <summary>All nodes.</summary>
    public static ResourceClient<V1Node> Nodes(IKubernetes api) =>
        new(
            "Nodes",
            async (next, cancel) =>
                Page(
                    await api.CoreV1.ListNodeAsync(
                        limit: ResourceClient<V1Node>.PageSize,
                        continueParameter: next,
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                api.CoreV1.WatchListNodeAsync(
                    allowWatchBookmarks: true,
                    resourceVersion: version,
                    timeoutSeconds: seconds,
                    onError: onError,
                    cancellationToken: cancel
                )
        );

    /// <summary>The Services of one namespace, or of all.</summary>
    public static ResourceClient<V1Service> Services(IKubernetes api, string? @namespace) =>
        @namespace is not null
            ? ServicesIn(api, @namespace)
            : new(
                "Services",
                async (next, cancel) =>
                    Page(
                        await api.CoreV1.ListServiceForAllNamespacesAsync(
                            limit: ResourceClient<V1Service>.PageSize,
                            continueParameter: next,
                            cancellationToken: cancel
                        )
                    ),
                (version, seconds, onError, cancel) =>
                    api.CoreV1.WatchListServiceForAllNamespacesAsync(
                        allowWatchBookmarks: true,
                        resourceVersion: version,
                        timeoutSeconds: seconds,
                        onError: onError,
                        cancellationToken: cancel
                    )
            );

    /// <summary>Leases of a namespace that a selector chooses.</summary>
    public static ResourceClient<V1Lease> Leases(IKubernetes api, string @namespace, string labels) =>
        new(
            $"Leases in {@namespace}",
            async (next, cancel) =>
                Page(
                    await api.CoordinationV1.ListNamespacedLeaseAsync(
                        @namespace,
                        labelSelector: labels,
                        limit: ResourceClient<V1Lease>.PageSize,
                        continueParameter: next,
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                api.CoordinationV1.WatchListNamespacedLeaseAsync(
                    @namespace,
                    labelSelector: labels,
                    allowWatchBookmarks: true,
                    resourceVersion: version,
                    timeoutSeconds: seconds,
                    onError: onError,
                    cancellationToken: cancel
                )
        );

    /// <summary>One ConfigMap.</summary>
    public static ResourceClient<V1ConfigMap> ConfigMap(IKubernetes api, string @namespace, string name) =>
        new(
            $"ConfigMap {@namespace}/{name}",
            async (_, cancel) =>
                Page(
                    await api.CoreV1.ListNamespacedConfigMapAsync(
                        @namespace,
                        fieldSelector: Named(name),
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                api.CoreV1.WatchListNamespacedConfigMapAsync(
                    @namespace,
                    fieldSelector: Named(name),
                    allowWatchBookmarks: true,
                    resourceVersion: version,
                    timeoutSeconds: seconds,
                    onError: onError,
                    cancellationToken: cancel
                )
        );

    /// <summary>
    /// One ConfigMap without its data
    /// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"/>).
    /// </summary>
    public static ResourceClient<V1ConfigMap> ConfigMapMetadata(IKubernetes api, string @namespace, string name) =>
        new(
            $"ConfigMap {@namespace}/{name}",
            async (_, cancel) =>
            {
                using var answer = await api.CoreV1.ListNamespacedConfigMapWithHttpMessagesAsync(
                    @namespace,
                    fieldSelector: Named(name),
                    customHeaders: s_metadataList,
                    cancellationToken: cancel
                );
                return Page(answer.Body);
            },
#pragma warning disable CS0618 // The watches that replace this one take no headers.
            (version, seconds, onError, cancel) =>
                api
                    .CoreV1.ListNamespacedConfigMapWithHttpMessagesAsync(
                        @namespace,
                        fieldSelector: Named(name),
                        allowWatchBookmarks: true,
                        resourceVersion: version,
                        timeoutSeconds: seconds,
                        watch: true,
                        customHeaders: s_metadata,
                        cancellationToken: cancel
                    )
                    .WatchAsync<V1ConfigMap, V1ConfigMapList>(onError, cancel)
        );
#pragma warning restore CS0618

    /// <summary>One Secret: a role can allow this by name, where it would not allow to see the others.</summary>
    public static ResourceClient<V1Secret> Secret(IKubernetes api, string @namespace, string name) =>
        new(
            $"Secret {@namespace}/{name}",
            async (_, cancel) =>
                Page(
                    await api.CoreV1.ListNamespacedSecretAsync(
                        @namespace,
                        fieldSelector: Named(name),
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                api.CoreV1.WatchListNamespacedSecretAsync(
                    @namespace,
                    fieldSelector: Named(name),
                    allowWatchBookmarks: true,
                    resourceVersion: version,
                    timeoutSeconds: seconds,
                    onError: onError,
                    cancellationToken: cancel
                )
        );

    /// <summary>The DynamicRecords of one namespace, or of all.</summary>
    public static ResourceClient<DynamicRecord> DynamicRecords(IKubernetes api, string? @namespace) =>
        @namespace is not null
            ? DynamicRecordsIn(api, @namespace)
            : new(
                "DynamicRecords",
                async (next, cancel) =>
                    Page(
                        await api.CustomObjects.ListCustomObjectForAllNamespacesAsync<DynamicRecordList>(
                            DynamicRecord.Group,
                            DynamicRecord.Version,
                            DynamicRecord.Plural,
                            limit: ResourceClient<DynamicRecord>.PageSize,
                            continueParameter: next,
                            cancellationToken: cancel
                        )
                    ),
                (version, seconds, onError, cancel) =>
                    Typed(
                        api.CustomObjects.WatchListCustomObjectForAllNamespacesAsync(
                            DynamicRecord.Group,
                            DynamicRecord.Version,
                            DynamicRecord.Plural,
                            allowWatchBookmarks: true,
                            resourceVersion: version,
                            timeoutSeconds: seconds,
                            onError: onError,
                            cancellationToken: cancel
                        )
                    )
            )
            {
                IsOptional = true,
            };

    private static ResourceClient<V1Service> ServicesIn(IKubernetes api, string @namespace) =>
        new(
            $"Services in {@namespace}",
            async (next, cancel) =>
                Page(
                    await api.CoreV1.ListNamespacedServiceAsync(
                        @namespace,
                        limit: ResourceClient<V1Service>.PageSize,
                        continueParameter: next,
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                api.CoreV1.WatchListNamespacedServiceAsync(
                    @namespace,
                    allowWatchBookmarks: true,
                    resourceVersion: version,
                    timeoutSeconds: seconds,
                    onError: onError,
                    cancellationToken: cancel
                )
        );

    private static ResourceClient<DynamicRecord> DynamicRecordsIn(IKubernetes api, string @namespace) =>
        new(
            $"DynamicRecords in {@namespace}",
            async (next, cancel) =>
                Page(
                    await api.CustomObjects.ListNamespacedCustomObjectAsync<DynamicRecordList>(
                        DynamicRecord.Group,
                        DynamicRecord.Version,
                        @namespace,
                        DynamicRecord.Plural,
                        limit: ResourceClient<DynamicRecord>.PageSize,
                        continueParameter: next,
                        cancellationToken: cancel
                    )
                ),
            (version, seconds, onError, cancel) =>
                Typed(
                    api.CustomObjects.WatchListNamespacedCustomObjectAsync(
                        DynamicRecord.Group,
                        DynamicRecord.Version,
                        @namespace,
                        DynamicRecord.Plural,
                        allowWatchBookmarks: true,
                        resourceVersion: version,
                        timeoutSeconds: seconds,
                        onError: onError,
                        cancellationToken: cancel
                    )
                )
        )
        {
            IsOptional = true,
        };

    /// <summary>The selector for one object.</summary>
    public static string Named(string name) => $"metadata.name={name}";

    private static Dictionary<string, IReadOnlyList<string>> Accept(string kind) =>
        new() { ["Accept"] = [$"application/json;as={kind};g=meta.k8s.io;v=v1"] };

    private static ListPage<T> Page<T>(IItems<T> list)
    {
        var about = ((IKubernetesObject<V1ListMeta>)list).Metadata;
        // A list of metadata has null for none.
        return new(list.Items ?? [], about.ResourceVersion, about.ContinueProperty);
    }

    private static ListPage<DynamicRecord> Page(DynamicRecordList list) =>
        new(list.Items, list.Metadata.ResourceVersion, list.Metadata.ContinueProperty);

    private static async IAsyncEnumerable<(WatchEventType Type, DynamicRecord Object)> Typed(
        IAsyncEnumerable<(WatchEventType Type, object Object)> events
    )
    {
        await foreach (var (type, item) in events)
            yield return (type, KubernetesJson.Deserialize<DynamicRecord>(((JsonElement)item).GetRawText()));
    }
}
