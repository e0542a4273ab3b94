using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// What each object by itself wants, or why it cannot have it. A fault of one object, expected or not, is that object's
/// alone.
/// </summary>
internal sealed class RecordRequestReader(
    LeaderInformers watches,
    RecordRules rules,
    ServiceRecords services,
    AccessRules access,
    Deletions deletions,
    StateStore state,
    ILogger<RecordRequestReader> logger
)
{
    /// <summary>The requests of all DynamicRecords and Services, in no order.</summary>
    public async Task<IReadOnlyList<RecordRequest>> CurrentAsync(CancellationToken cancellationToken)
    {
        var known = state.Current.Records.ToLookup(r => r.WantedBy);
        return await Task.WhenAll([
            .. watches
                .Records.Objects.Where(IsAsked)
                .Select(r => ReadAsync(r, () => OfAsync(r, known[RecordRules.WantedBy(r)], cancellationToken))),
            .. watches
                .Services.Objects.Where(ServiceRecords.IsAsked)
                .Select(s => ReadAsync(s, () => OfAsync(s, known[ServiceRecords.WantedBy(s)], cancellationToken))),
        ]);
    }

    private static bool IsAsked(DynamicRecord record) =>
        record.Metadata.DeletionTimestamp is null || Cleanup.IsDue(record);

    private async Task<RecordRequest> ReadAsync(KubernetesObject item, Func<Task<RecordRequest>> read)
    {
        try
        {
            return access.Judge(await read());
        }
#pragma warning disable CA1031 // An unexpected object must not stop the records of all others.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.ObjectUnreadable(e, item.Namespace, item.Name);
            return new RecordRequest(
                item,
                [],
                "Invalid",
                $"the object cannot be understood: {ForeignText.Clean(e.Message)}"
            );
        }
    }

    private async Task<RecordRequest> OfAsync(
        DynamicRecord record,
        IEnumerable<RecordState> known,
        CancellationToken cancellationToken
    )
    {
        var isGoing = record.Metadata.DeletionTimestamp is not null;
        var cause = isGoing ? await deletions.OfAsync(record, cancellationToken) : DeletionCause.Object;
        if (cause == DeletionCause.Kind)
            return new RecordRequest(
                record,
                [],
                "CleanupSkipped",
                "The kind DynamicRecord itself is being removed: the DNS records stay"
            );
        var (wanted, mistake) = await rules.ReadAsync(record, cancellationToken);
        // What cannot be understood any more was understood once, and goes with its object.
        if (mistake is not null && !isGoing)
            return new RecordRequest(record, [], "Invalid", mistake);
        DesiredRecord[] own = isGoing ? [.. (wanted ?? []).Select(Cleanup.Removed)] : [.. wanted!];
        DesiredRecord[] all = [.. own, .. Cleanup.Former(record, own, known, RecordRules.Credentials(record))];
        return new RecordRequest(record, cause == DeletionCause.Unknown ? [.. all.Select(Unclear)] : all);
    }

    private async Task<RecordRequest> OfAsync(
        Service service,
        IEnumerable<RecordState> known,
        CancellationToken cancellationToken
    )
    {
        var isGoing = service.Metadata.DeletionTimestamp is not null;
        var (wanted, mistake) = await services.OfAsync(service, cancellationToken);
        if (mistake is not null && !isGoing)
            return new RecordRequest(service, [], "Invalid", mistake);
        DesiredRecord[] own = isGoing ? [] : [.. wanted];
        return new RecordRequest(service, [.. own, .. Cleanup.Former(service, own, known, null)]);
    }

    /// <summary>Unknown is no reason to remove anything.</summary>
    private static DesiredRecord Unclear(DesiredRecord record) =>
        record with
        {
            Addresses = new Evidence.Unknown("it is not known whether the CustomResourceDefinition is being deleted"),
        };
}
