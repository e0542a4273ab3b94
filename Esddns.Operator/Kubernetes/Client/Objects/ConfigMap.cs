namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Strings by key.</summary>
internal sealed class ConfigMap : KubernetesObject
{
    /// <summary>The strings.</summary>
    public Dictionary<string, string>? Data { get; set; }
}
