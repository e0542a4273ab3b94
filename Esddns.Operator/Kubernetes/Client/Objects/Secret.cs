namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>Secrets by key.</summary>
internal sealed class Secret : KubernetesObject
{
    /// <summary>The secrets.</summary>
    public Dictionary<string, byte[]>? Data { get; set; }
}
