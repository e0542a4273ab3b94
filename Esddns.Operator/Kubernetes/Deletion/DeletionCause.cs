namespace Esddns.Operator.Kubernetes.Deletion;

/// <summary>The cause of a deletion.</summary>
internal enum DeletionCause
{
    /// <summary>The API server has not answered. No DNS record may be removed.</summary>
    Unknown,

    /// <summary>The object or its namespace is deleted.</summary>
    Object,

    /// <summary>The CustomResourceDefinition is deleted, and its objects with it. The DNS records stay.</summary>
    Kind,
}
