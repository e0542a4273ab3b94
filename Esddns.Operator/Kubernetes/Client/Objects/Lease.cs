using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A lock that expires, or a heartbeat.</summary>
internal sealed class Lease : KubernetesObject
{
    /// <summary>The holder and the duration.</summary>
    public LeaseSpec Spec { get; set; } = new();
}

/// <summary>The holder and the duration of a Lease.</summary>
internal sealed class LeaseSpec
{
    /// <summary>The holder; empty after a release.</summary>
    public string? HolderIdentity { get; set; }

    /// <summary>How long other clients wait after the last renewal.</summary>
    public int? LeaseDurationSeconds { get; set; }

    /// <summary>The number of changes of the holder.</summary>
    public int? LeaseTransitions { get; set; }

    /// <summary>The time at which the holder acquired it.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? AcquireTime { get; set; }

    /// <summary>The time of the last renewal.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? RenewTime { get; set; }
}
