using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>An object of the API with the fields that the operator uses. Other fields are dropped.</summary>
internal abstract class KubernetesObject
{
    /// <summary>Group and version. The items of a list have none.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>The kind. The items of a list have none.</summary>
    public string? Kind { get; set; }

    /// <summary>The metadata.</summary>
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The name, unique for a kind in a namespace.</summary>
    [JsonIgnore]
    public string Name => Metadata.Name;

    /// <summary>The namespace; null for objects of the whole cluster.</summary>
    [JsonIgnore]
    public string Namespace => Metadata.Namespace;

    /// <summary>The identity; a new object of the same name has another one.</summary>
    [JsonIgnore]
    public string Uid => Metadata.Uid;

    /// <summary>An annotation; null when there is none.</summary>
    public string? GetAnnotation(string key) => Metadata.Annotations?.GetValueOrDefault(key);
}
