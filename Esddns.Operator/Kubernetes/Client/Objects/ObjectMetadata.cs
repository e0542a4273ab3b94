namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// An object of any kind, without the rest
/// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"/>).
/// </summary>
internal sealed class ObjectMetadata : KubernetesObject;
