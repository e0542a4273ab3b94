namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// What all objects have
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/"/>). The API server
/// gives out no object without name, uid and resource version; objects of the whole cluster have no namespace.
/// </summary>
internal sealed class ObjectMeta
{
    /// <summary>Unique for a kind in a namespace.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The namespace; null for objects of the whole cluster.</summary>
    public string Namespace { get; set; } = null!;

    /// <summary>The identity.</summary>
    public string Uid { get; set; } = null!;

    /// <summary>Changes with every write. In a patch: the only version that it may change.</summary>
    public string ResourceVersion { get; set; } = null!;

    /// <summary>Counts the changes of the spec.</summary>
    public long? Generation { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime? CreationTimestamp { get; set; }

    /// <summary>Since when it is being deleted; null when it is not.</summary>
    public DateTime? DeletionTimestamp { get; set; }

    /// <summary>Who has to agree before a deleted object goes.</summary>
    public List<string>? Finalizers { get; set; }

    /// <summary>The labels.</summary>
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>Notes of programs.</summary>
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>The objects with which this one goes.</summary>
    public List<OwnerReference>? OwnerReferences { get; set; }
}

/// <summary>An object with which another one goes.</summary>
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
