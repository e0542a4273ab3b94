namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Secret values by key.</summary>
internal sealed class Secret : KubernetesObject
{
    /// <summary>The values.</summary>
    public Dictionary<string, byte[]>? Data { get; set; }
}
