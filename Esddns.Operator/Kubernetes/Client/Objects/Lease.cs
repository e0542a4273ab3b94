using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>A lock with an end, or a sign of life.</summary>
internal sealed class Lease : KubernetesObject
{
    /// <summary>Who holds it, and for how long.</summary>
    public LeaseSpec Spec { get; set; } = new();
}

/// <summary>Who holds a Lease, and for how long.</summary>
internal sealed class LeaseSpec
{
    /// <summary>The holder; empty when it was given back.</summary>
    public string? HolderIdentity { get; set; }

    /// <summary>How long others wait after the last renewal.</summary>
    public int? LeaseDurationSeconds { get; set; }

    /// <summary>How often the holder has changed.</summary>
    public int? LeaseTransitions { get; set; }

    /// <summary>Since when it is held.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? AcquireTime { get; set; }

    /// <summary>The last renewal.</summary>
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTime? RenewTime { get; set; }
}
