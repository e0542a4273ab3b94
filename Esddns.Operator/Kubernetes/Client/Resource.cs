using System.Text.Json.Serialization.Metadata;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>The path of one kind at the API server, and the JSON of its objects.</summary>
/// <param name="Api">The path of group and version: <c>api/v1</c> or <c>apis/GROUP/VERSION</c>.</param>
/// <param name="Plural">The kind in paths.</param>
/// <param name="Item">The JSON of one object.</param>
/// <param name="List">The JSON of a list.</param>
internal sealed record Resource<T>(string Api, string Plural, JsonTypeInfo<T> Item, JsonTypeInfo<ObjectList<T>> List)
    where T : KubernetesObject
{
    /// <summary>
    /// Whether only the metadata is requested
    /// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"/>).
    /// </summary>
    public bool IsMetadataOnly { get; init; }

    /// <summary>The path of one object; without a name, the path of the list.</summary>
    public string Path(string? @namespace, string? name = null, string? subresource = null)
    {
        var path = @namespace is null
            ? $"{Api}/{Plural}"
            : $"{Api}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
        if (name is not null)
            path += $"/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}

/// <summary>The kinds that the operator reads or writes.</summary>
internal static class Resources
{
    private const string Core = "api/v1";

    /// <summary>Nodes.</summary>
    public static Resource<Node> Nodes { get; } =
        new(Core, "nodes", ObjectJson.Default.Node, ObjectJson.Default.ObjectListNode);

    /// <summary>Services.</summary>
    public static Resource<Service> Services { get; } =
        new(Core, "services", ObjectJson.Default.Service, ObjectJson.Default.ObjectListService);

    /// <summary>ConfigMaps.</summary>
    public static Resource<ConfigMap> ConfigMaps { get; } =
        new(Core, "configmaps", ObjectJson.Default.ConfigMap, ObjectJson.Default.ObjectListConfigMap);

    /// <summary>ConfigMaps without their data.</summary>
    public static Resource<ConfigMap> ConfigMapMetadata { get; } = ConfigMaps with { IsMetadataOnly = true };

    /// <summary>Secrets.</summary>
    public static Resource<Secret> Secrets { get; } =
        new(Core, "secrets", ObjectJson.Default.Secret, ObjectJson.Default.ObjectListSecret);

    /// <summary>Events.</summary>
    public static Resource<Event> Events { get; } =
        new(Core, "events", ObjectJson.Default.Event, ObjectJson.Default.ObjectListEvent);

    /// <summary>Leases.</summary>
    public static Resource<Lease> Leases { get; } =
        new("apis/coordination.k8s.io/v1", "leases", ObjectJson.Default.Lease, ObjectJson.Default.ObjectListLease);

    /// <summary>DynamicRecords.</summary>
    public static Resource<DynamicRecord> DynamicRecords { get; } =
        new(
            $"apis/{DynamicRecord.Group}/{DynamicRecord.Version}",
            DynamicRecord.Plural,
            ObjectJson.Default.DynamicRecord,
            ObjectJson.Default.ObjectListDynamicRecord
        );

    /// <summary>CustomResourceDefinitions without their schemas.</summary>
    public static Resource<ObjectMetadata> CustomResourceDefinitions { get; } =
        new(
            "apis/apiextensions.k8s.io/v1",
            "customresourcedefinitions",
            ObjectJson.Default.ObjectMetadata,
            ObjectJson.Default.ObjectListObjectMetadata
        )
        {
            IsMetadataOnly = true,
        };
}
