namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>The maximum size of the state in the ConfigMap.</summary>
/// <param name="Bytes">The bytes of its JSON. Default 1,000,000: a ConfigMap holds 1 MiB, and the rest is for the other
/// keys.</param>
internal sealed record StateSizeLimit(int Bytes = 1_000_000);
