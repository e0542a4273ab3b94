using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// What objects with <c>esddns.io/cleanup: "true"</c> no longer want: of a deleted object all that is ours, of a
/// changed one the names and types that it named before.
/// </summary>
internal static class Cleanup
{
    /// <summary>Asks that the values that were ours go with the object: <c>"true"</c>.</summary>
    public const string Annotation = "esddns.io/cleanup";

    /// <summary>Holds the object until that is done.</summary>
    public const string Finalizer = "esddns.io/cleanup";

    /// <summary>Whether it is asked for.</summary>
    public static bool IsWanted(KubernetesObject item) => item.GetAnnotation(Annotation) == "true";

    /// <summary>Whether the object is held for it.</summary>
    public static bool IsHeld(KubernetesObject item) => item.Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>Whether an object that is being deleted still waits for it.</summary>
    public static bool IsDue(KubernetesObject item) =>
        item.Metadata.DeletionTimestamp is not null && IsWanted(item) && IsHeld(item);

    /// <summary>The record, to be removed.</summary>
    public static DesiredRecord Removed(DesiredRecord record) =>
        record with
        {
            Addresses = new Evidence.Absent(),
            WhenAbsent = AbsencePolicy.Remove,
            FollowsWan = false,
        };

    /// <summary>
    /// What the object wanted before and does not want any more, as far as something of ours is in it. Only of an
    /// object that was held then: one that replaces another of its name answers for its own past alone.
    /// </summary>
    /// <param name="item">The object.</param>
    /// <param name="wanted">The records it requests now.</param>
    /// <param name="known">What the state has for it.</param>
    /// <param name="credentials">The credentials that the object names.</param>
    public static IEnumerable<DesiredRecord> Former(
        KubernetesObject item,
        IReadOnlyList<DesiredRecord> wanted,
        IEnumerable<RecordState> known,
        string? credentials
    ) =>
        !IsWanted(item) || !IsHeld(item)
            ? []
            : from record in known
            where record.Key is not null && (record.Ours.Count > 0 || record.Sent is not null)
            where wanted.All(w => w.Id != record.Id)
            select Removed(
                new DesiredRecord(
                    record.Fqdn,
                    record.Key!.Zone,
                    record.Key.Name,
                    record.Type,
                    record.Ttl,
                    RecordPolicy.Merge
                )
                {
                    WantedBy = record.WantedBy!,
                    Credentials = credentials,
                }
            );

    /// <summary>
    /// What was removed with an object of which a write was still under way: it may arrive after the object is gone,
    /// and is removed then. The operator's own token is used, the only one that is known without the object.
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
        select Removed(
            new DesiredRecord(
                record.Fqdn,
                record.Key!.Zone,
                record.Key.Name,
                record.Type,
                record.Ttl,
                RecordPolicy.Merge
            )
            {
                WantedBy = record.WantedBy!,
            }
        );
}
