namespace Esddns.Operator.Kubernetes.Status;

/// <summary>The result of a write of a status.</summary>
/// <param name="IsWritten">Whether the status had changed and was written.</param>
/// <param name="HasRecords">Whether the stored status contains the RRsets with the values of ours. An older
/// CustomResourceDefinition drops them.</param>
internal readonly record struct StatusWrite(bool IsWritten, bool HasRecords);
