namespace Esddns.Operator.Kubernetes.Status;

/// <summary>A kind of write to an object.</summary>
internal enum ObjectWriteKind
{
    /// <summary>The status.</summary>
    Status,

    /// <summary>The finalizers.</summary>
    Finalizers,
}
