using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// One aspect of an object's state
/// (<see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/condition/"/>).
/// </summary>
internal sealed class Condition
{
    /// <summary>The type.</summary>
    [JsonConverter(typeof(SharedTextConverter))]
    public string? Type { get; set; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    [JsonConverter(typeof(SharedTextConverter))]
    public string? Status { get; set; }

    /// <summary>The generation of the spec that the condition describes.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The time of the last change of the status.</summary>
    public DateTime? LastTransitionTime { get; set; }

    /// <summary>A reason in CamelCase.</summary>
    [JsonConverter(typeof(SharedTextConverter))]
    public string? Reason { get; set; }

    /// <summary>The reason for people.</summary>
    [JsonConverter(typeof(SharedTextConverter))]
    public string? Message { get; set; }
}
