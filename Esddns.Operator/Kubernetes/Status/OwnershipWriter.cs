using System.Collections.Concurrent;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Stores the values of ours in the status of their objects before they are sent, for the records that the ConfigMap of
/// the state has no space for. So the number of objects has no limit, and each object only affects itself.
/// </summary>
internal sealed class OwnershipWriter(
    ClusterRecords records,
    LeaderInformers informers,
    DynamicRecordStatusWriter status,
    ILogger<OwnershipWriter> logger
)
{
    /// <summary>The maximum number of objects that are written at the same time.</summary>
    private const int MaxParallelWrites = 8;

    /// <summary>Writes the status of the objects that request these records.</summary>
    /// <returns>The records that are not stored. They must not be written.</returns>
    public async Task<IReadOnlySet<RecordId>> WriteAsync(
        IReadOnlySet<RecordId> ids,
        CancellationToken cancellationToken
    )
    {
        var stored = new ConcurrentDictionary<RecordId, bool>();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = cancellationToken,
        };
        var owners =
            from request in records.Requests
            where request.Object is DynamicRecord
            let own = request.Records.Select(r => r.Id).Where(ids.Contains).ToArray()
            where own.Length > 0
            select (Object: (DynamicRecord)request.Object, Ids: own);
        await Parallel.ForEachAsync(
            owners,
            parallel,
            async (owner, cancel) =>
            {
                if (await IsStoredAsync(owner.Object, cancel))
                    foreach (var id in owner.Ids)
                        stored[id] = true;
            }
        );
        return ids.Where(id => !stored.ContainsKey(id)).ToHashSet();
    }

    private async Task<bool> IsStoredAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var newest =
                informers.Records.Find(record.Name, record.Namespace) is { } found && found.Uid == record.Uid
                    ? found
                    : record;
            return await status.WriteAsync(newest, cancellationToken) is { HasRecords: true };
        }
#pragma warning disable CA1031 // Any failure concerns this object only, and must not affect the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.StatusNotWritten($"status of {record.Namespace}/{record.Name}", UntrustedText.Clean(e.Explain()));
            return false;
        }
    }
}
