namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A report about an object, of the API group <c>v1</c>.</summary>
internal sealed class Event : KubernetesObject
{
    /// <summary>The object.</summary>
    public ObjectReference? InvolvedObject { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; set; }

    /// <summary>A reason in CamelCase.</summary>
    public string? Reason { get; set; }

    /// <summary>The reason for people.</summary>
    public string? Message { get; set; }

    /// <summary>The number of occurrences.</summary>
    public int? Count { get; set; }

    /// <summary>The time of the first occurrence.</summary>
    public DateTime? FirstTimestamp { get; set; }

    /// <summary>The time of the last occurrence.</summary>
    public DateTime? LastTimestamp { get; set; }

    /// <summary>The reporting component.</summary>
    public EventSource? Source { get; set; }
}

/// <summary>A reference to an object.</summary>
internal sealed class ObjectReference
{
    /// <summary>Group and version.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>The kind.</summary>
    public required string Kind { get; set; }

    /// <summary>The namespace; null for objects of the whole cluster.</summary>
    public string? Namespace { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The identity.</summary>
    public string? Uid { get; set; }
}

/// <summary>The component that reports an Event.</summary>
internal sealed class EventSource
{
    /// <summary>The program.</summary>
    public string? Component { get; set; }

    /// <summary>The node.</summary>
    public string? Host { get; set; }
}
