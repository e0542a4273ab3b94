using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Reads the request of each object. A fault of one object, expected or not, affects only this object.
/// </summary>
internal sealed class RecordRequestReader(
    LeaderInformers informers,
    DynamicRecordReader rules,
    ServiceRecords services,
    AccessRules access,
    DeletionCauses deletions,
    StateStore state,
    ILogger<RecordRequestReader> logger
)
{
    /// <summary>The requests of all DynamicRecords and Services, in no order.</summary>
    public async Task<IReadOnlyList<RecordRequest>> CurrentAsync(CancellationToken cancellationToken)
    {
        var known = state.Current.Records.ToLookup(r => r.WantedBy);
        return await Task.WhenAll([
            .. informers
                .Records.Objects.Where(RequestsRecords)
                .Select(r =>
                    ReadAsync(r, known, () => OfAsync(r, known[DynamicRecordReader.WantedBy(r)], cancellationToken))
                ),
            .. informers
                .Services.Objects.Where(ServiceRecords.RequestsRecords)
                .Select(s =>
                    ReadAsync(s, known, () => OfAsync(s, known[ServiceRecords.WantedBy(s)], cancellationToken))
                ),
        ]);
    }

    private static bool RequestsRecords(DynamicRecord record) =>
        record.Metadata.DeletionTimestamp is null || Cleanup.IsDue(record);

    private async Task<RecordRequest> ReadAsync(
        KubernetesObject item,
        ILookup<string?, RecordState> known,
        Func<Task<RecordRequest>> read
    )
    {
        try
        {
            return access.Check(await read()).WithHeld(known);
        }
#pragma warning disable CA1031 // An unexpected object must not stop the records of all others.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.ObjectUnreadable(e, item.Namespace, item.Name);
            var problem = $"the object cannot be parsed: {UntrustedText.Clean(e.Message)}";
            return new RecordRequest(item, [], "Invalid", problem).WithHeld(known);
        }
    }

    private async Task<RecordRequest> OfAsync(
        DynamicRecord record,
        IEnumerable<RecordState> known,
        CancellationToken cancellationToken
    )
    {
        var isDeleting = record.Metadata.DeletionTimestamp is not null;
        var cause = isDeleting ? await deletions.OfAsync(record, cancellationToken) : DeletionCause.Object;
        if (cause == DeletionCause.Kind)
            return new RecordRequest(
                record,
                [],
                RecordRequest.CleanupSkipped,
                "The CustomResourceDefinition is being deleted: the DNS records stay"
            );
        var (wanted, mistake) = await rules.ReadAsync(record, cancellationToken);
        // An invalid spec may have been valid earlier. Its records are then removed with the object.
        if (mistake is not null && !isDeleting)
            return new RecordRequest(record, [], "Invalid", mistake);
        DesiredRecord[] own = isDeleting
            ? [.. (wanted ?? []).Select(Cleanup.Removed)]
            : Publishable(record, wanted!, known);
        DesiredRecord[] all = [.. own, .. Cleanup.Former(record, own, known, DynamicRecordReader.Credentials(record))];
        return new RecordRequest(record, cause == DeletionCause.Unknown ? [.. all.Select(WithUnknownCause)] : all);
    }

    private async Task<RecordRequest> OfAsync(
        Service service,
        IEnumerable<RecordState> known,
        CancellationToken cancellationToken
    )
    {
        var isDeleting = service.Metadata.DeletionTimestamp is not null;
        var (wanted, mistake) = await services.OfAsync(service, cancellationToken);
        if (mistake is not null && !isDeleting)
            return new RecordRequest(service, [], "Invalid", mistake);
        DesiredRecord[] own = isDeleting ? [] : Publishable(service, wanted, known);
        return new RecordRequest(service, [.. own, .. Cleanup.Former(service, own, known, null)]);
    }

    /// <summary>The records to publish: without the finalizer, only those that are published already.</summary>
    private static DesiredRecord[] Publishable(
        KubernetesObject item,
        IEnumerable<DesiredRecord> wanted,
        IEnumerable<RecordState> known
    ) =>
        Cleanup.IsFinalizerMissing(item)
            ? [.. wanted.Where(w => known.Any(k => k.Id == w.Id && (k.Ours.Count > 0 || k.Sent is not null)))]
            : [.. wanted];

    /// <summary>The record with unknown addresses, so that nothing is removed.</summary>
    private static DesiredRecord WithUnknownCause(DesiredRecord record) =>
        record with
        {
            Addresses = new Evidence.Unknown(
                "the CustomResourceDefinition cannot be read, so the cause of the deletion is unknown"
            ),
        };
}
