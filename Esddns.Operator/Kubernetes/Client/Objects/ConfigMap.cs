namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Texts by key.</summary>
internal sealed class ConfigMap : KubernetesObject
{
    /// <summary>The texts.</summary>
    public Dictionary<string, string>? Data { get; set; }
}
