namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Strings and bytes by key.</summary>
internal sealed class ConfigMap : KubernetesObject
{
    /// <summary>The strings.</summary>
    public Dictionary<string, string>? Data { get; set; }

    /// <summary>The bytes.</summary>
    public Dictionary<string, byte[]>? BinaryData { get; set; }
}
