using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The records that an object requests, or the reason for a refusal.</summary>
/// <param name="Object">The object: a DynamicRecord or a Service.</param>
/// <param name="Records">The RRsets that it got; none when it was refused.</param>
/// <param name="Refusal">The reason of a refusal in CamelCase; null without one.</param>
/// <param name="Message">The same for people.</param>
internal sealed record RecordRequest(
    KubernetesObject Object,
    IReadOnlyList<DesiredRecord> Records,
    string? Refusal = null,
    string? Message = null
)
{
    /// <summary>How many rounds had ended when the object was first claimed in this form.</summary>
    public long Round { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The same, refused.</summary>
    public RecordRequest Refused(string refusal, string message) =>
        this with
        {
            Records = [],
            Refusal = refusal,
            Message = message,
        };

    /// <summary>Whether <paramref name="before"/> is about the same object in the same form.</summary>
    public bool IsLike(RecordRequest before) =>
        before.Object.Metadata.Generation == Object.Metadata.Generation
        && before.Object.Metadata.DeletionTimestamp == Object.Metadata.DeletionTimestamp
        && before.Refusal == Refusal;
}
