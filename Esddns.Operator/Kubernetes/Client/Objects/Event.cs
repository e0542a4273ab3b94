namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Something that happened to an object, of the API group <c>v1</c>.</summary>
internal sealed class Event : KubernetesObject
{
    /// <summary>The object.</summary>
    public ObjectReference? InvolvedObject { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; set; }

    /// <summary>A reason in CamelCase.</summary>
    public string? Reason { get; set; }

    /// <summary>The same for people.</summary>
    public string? Message { get; set; }

    /// <summary>How often.</summary>
    public int? Count { get; set; }

    /// <summary>When for the first time.</summary>
    public DateTime? FirstTimestamp { get; set; }

    /// <summary>When for the last time.</summary>
    public DateTime? LastTimestamp { get; set; }

    /// <summary>The reporting component.</summary>
    public EventSource? Source { get; set; }
}

/// <summary>Names an object.</summary>
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
