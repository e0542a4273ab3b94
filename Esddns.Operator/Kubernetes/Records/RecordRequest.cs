using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The records that an object requests, or the reason for a refusal.</summary>
/// <param name="Object">The object: a DynamicRecord or a Service.</param>
/// <param name="Records">The RRsets; empty when the request was refused.</param>
/// <param name="Refusal">The reason for the refusal in CamelCase; null when the request was not refused.</param>
/// <param name="Message">The reason for people.</param>
internal sealed record RecordRequest(
    KubernetesObject Object,
    IReadOnlyList<DesiredRecord> Records,
    string? Refusal = null,
    string? Message = null
)
{
    /// <summary>The number of rounds that had ended when the request got its present form.</summary>
    public long Round { get; init; }

    /// <summary>The time at which the request got its present form.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Returns the request as refused.</summary>
    public RecordRequest Refused(string refusal, string message) =>
        this with
        {
            Records = [],
            Refusal = refusal,
            Message = message,
        };

    /// <summary>Whether <paramref name="before"/> is a request of the same object in the same form.</summary>
    public bool IsLike(RecordRequest before) =>
        before.Object.Metadata.Generation == Object.Metadata.Generation
        && before.Object.Metadata.DeletionTimestamp == Object.Metadata.DeletionTimestamp
        && before.Refusal == Refusal;
}
