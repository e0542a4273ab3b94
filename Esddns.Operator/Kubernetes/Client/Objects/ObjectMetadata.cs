namespace Esddns.Operator.Kubernetes.Client.Objects;

/// <summary>
/// The metadata of an object of any kind
/// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches"/>).
/// </summary>
internal sealed class ObjectMetadata : KubernetesObject;
