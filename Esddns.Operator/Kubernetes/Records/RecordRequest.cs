using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The records that an object requests, or the reason for a refusal.</summary>
/// <param name="Object">The object: a DynamicRecord or a Service.</param>
/// <param name="Records">The RRsets; when the request was refused, only those of earlier requests.</param>
/// <param name="Refusal">The reason for the refusal in CamelCase; null when the request was not refused.</param>
/// <param name="Message">The reason for people.</param>
internal sealed record RecordRequest(
    KubernetesObject Object,
    IReadOnlyList<DesiredRecord> Records,
    string? Refusal = null,
    string? Message = null
)
{
    /// <summary>The refusal of an object that is deleted together with its kind.</summary>
    public const string CleanupSkipped = "CleanupSkipped";

    /// <summary>The number of rounds that had ended when the request got its present form.</summary>
    public long Round { get; init; }

    /// <summary>The time at which the request got its present form.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Returns the request as refused. The records that it no longer requests are still removed.</summary>
    public RecordRequest Refused(string refusal, string message) =>
        this with
        {
            Records = [.. Records.Where(Cleanup.IsRemoval)],
            Refusal = refusal,
            Message = message,
        };

    /// <summary>
    /// Adds the records that a refused request published earlier, so that they stay known until the object is valid
    /// again or is deleted.
    /// </summary>
    /// <param name="known">The records of the state, by object.</param>
    public RecordRequest WithHeld(ILookup<string?, RecordState> known)
    {
        if (Refusal is null or CleanupSkipped)
            return this;
        var (owner, credentials) = Object is DynamicRecord record
            ? (DynamicRecordReader.WantedBy(record), DynamicRecordReader.Credentials(record))
            : (ServiceRecords.WantedBy((Service)Object), null);
        return this with { Records = [.. Records, .. Cleanup.Held(Object, known[owner], credentials, Message!)] };
    }

    /// <summary>Whether <paramref name="before"/> is a request of the same object in the same form.</summary>
    public bool IsLike(RecordRequest before) =>
        before.Object.Metadata.Generation == Object.Metadata.Generation
        && before.Object.Metadata.DeletionTimestamp == Object.Metadata.DeletionTimestamp
        && before.Refusal == Refusal;
}
