using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// The metadata of an object
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/"/>). The API server
/// returns no object without name, uid and resource version.
/// </summary>
internal sealed class ObjectMeta
{
    /// <summary>The name, unique for a kind in a namespace.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The namespace; null for objects of the whole cluster.</summary>
    [JsonConverter(typeof(SharedTextConverter))]
    public string Namespace { get; set; } = null!;

    /// <summary>The identity.</summary>
    public string Uid { get; set; } = null!;

    /// <summary>Changes with every write. A patch with it changes this version only.</summary>
    public string ResourceVersion { get; set; } = null!;

    /// <summary>The number of changes of the spec.</summary>
    public long? Generation { get; set; }

    /// <summary>The time of the creation.</summary>
    public DateTime? CreationTimestamp { get; set; }

    /// <summary>The time of the deletion request; null when there is none.</summary>
    public DateTime? DeletionTimestamp { get; set; }

    /// <summary>The finalizers: the object exists until all are removed.</summary>
    public List<string>? Finalizers { get; set; }

    /// <summary>The labels.</summary>
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>The annotations.</summary>
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>The owners: the object is deleted together with them.</summary>
    public List<OwnerReference>? OwnerReferences { get; set; }
}

/// <summary>The owner of an object.</summary>
internal sealed class OwnerReference
{
    /// <summary>Group and version.</summary>
    public required string ApiVersion { get; set; }

    /// <summary>The kind.</summary>
    public required string Kind { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The identity.</summary>
    public required string Uid { get; set; }
}
