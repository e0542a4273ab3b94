using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Deletion;

/// <summary>
/// Finds the values of ours that objects with <c>esddns.io/cleanup: "true"</c> no longer request: all values of a
/// deleted object, and those at earlier names and types of a changed object. <c>RecordRequestReader</c> adds them
/// to the desired records without addresses, and the reconciler then removes the values.
/// </summary>
internal static class Cleanup
{
    /// <summary>The annotation that requests the removal of our values: <c>"true"</c>.</summary>
    public const string Annotation = "esddns.io/cleanup";

    /// <summary>The finalizer that holds an object until its cleanup is done.</summary>
    public const string Finalizer = "esddns.io/cleanup";

    /// <summary>Whether the object requests a cleanup.</summary>
    public static bool IsRequested(KubernetesObject item) => item.GetAnnotation(Annotation) == "true";

    /// <summary>Whether the object has the finalizer.</summary>
    public static bool HasFinalizer(KubernetesObject item) => item.Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>Whether the object is being deleted and waits for its cleanup.</summary>
    public static bool IsDue(KubernetesObject item) =>
        item.Metadata.DeletionTimestamp is not null && IsRequested(item) && HasFinalizer(item);

    /// <summary>
    /// Whether the finalizer is still to be set. Until then, no record of the object is published: an object that is
    /// deleted without the finalizer leaves its records.
    /// </summary>
    public static bool IsFinalizerMissing(KubernetesObject item) =>
        item.Metadata.DeletionTimestamp is null && IsRequested(item) && !HasFinalizer(item);

    /// <summary>A text that differs when the cleanup of an object changes.</summary>
    public static string Fingerprint(KubernetesObject item) => $"{IsRequested(item)}|{HasFinalizer(item)}";

    /// <summary>The record without addresses, so that its values are removed.</summary>
    public static DesiredRecord Removed(DesiredRecord record) =>
        record with
        {
            Addresses = new Evidence.Absent(),
            WhenAbsent = AbsencePolicy.Remove,
            FollowsWan = false,
        };

    /// <summary>Whether the values of the record are removed.</summary>
    public static bool IsRemoval(DesiredRecord record) =>
        record is { Addresses: Evidence.Absent, WhenAbsent: AbsencePolicy.Remove };

    /// <summary>
    /// The records that the object requested earlier, does not request now, and that hold values of ours. An object
    /// without the finalizer has none: it must not remove the records of an earlier object of the same name.
    /// </summary>
    /// <param name="item">The object.</param>
    /// <param name="wanted">The records that the object requests now.</param>
    /// <param name="known">The records of the object in the state.</param>
    /// <param name="credentials">The credentials of the object, for records whose own are not known.</param>
    public static IEnumerable<DesiredRecord> Former(
        KubernetesObject item,
        IReadOnlyList<DesiredRecord> wanted,
        IEnumerable<RecordState> known,
        string? credentials
    ) => Published(item, known, credentials).Where(r => wanted.All(w => w.Id != r.Id)).Select(Removed);

    /// <summary>
    /// The records of an object whose request is refused. They are not changed, and stay known until the object is
    /// valid again or is deleted.
    /// </summary>
    /// <param name="item">The object.</param>
    /// <param name="known">The records of the object in the state.</param>
    /// <param name="credentials">The credentials of the object, for records whose own are not known.</param>
    /// <param name="reason">The reason for the refusal.</param>
    public static IEnumerable<DesiredRecord> Held(
        KubernetesObject item,
        IEnumerable<RecordState> known,
        string? credentials,
        string reason
    ) =>
        Published(item, known, credentials)
            .Select(r => r with { Addresses = new Evidence.Unknown(reason), FollowsWan = false });

    /// <summary>The records of an object with the finalizer that hold values of ours.</summary>
    private static IEnumerable<DesiredRecord> Published(
        KubernetesObject item,
        IEnumerable<RecordState> known,
        string? credentials
    ) =>
        !IsRequested(item) || !HasFinalizer(item)
            ? []
            : from record in known
            where record.Key is not null && (record.Ours.Count > 0 || record.Sent is not null)
            select Earlier(record, CredentialsOf(record, credentials));

    /// <summary>
    /// The records of deleted objects with an unanswered write. The write may take effect after the object is deleted,
    /// and its values must then be removed. The operator's own token is used, because the object with its credentials
    /// no longer exists.
    /// </summary>
    /// <param name="known">Records of the state that no object requests any more.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<DesiredRecord> Remnants(IEnumerable<RecordState> known, DateTimeOffset now) =>
        from record in known
        where
            record
                is {
                    Key: not null,
                    WantedBy: not null,
                    Desired.Count: 0,
                    Ours.Count: 0,
                    Sent: null,
                    Unanswered: { } sent
                }
            && (now - sent).Duration() < UnconfirmedWrites.Longest
        select Removed(Earlier(record, credentials: null));

    /// <summary>The credentials of a record, which the object may have changed since.</summary>
    private static string? CredentialsOf(RecordState record, string? ofObject) =>
        record.Credentials switch
        {
            null => ofObject,
            "" => null,
            var own => own,
        };

    /// <summary>The record that an object requested earlier, from its state.</summary>
    private static DesiredRecord Earlier(RecordState record, string? credentials) =>
        new(record.Fqdn, record.Key!.Zone, record.Key.Name, record.Type, record.Ttl, RecordPolicy.Merge)
        {
            WantedBy = record.WantedBy!,
            Credentials = credentials,
        };
}
