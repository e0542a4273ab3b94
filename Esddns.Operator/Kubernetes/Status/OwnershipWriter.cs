using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Stores the values of ours in the status of their objects, for the records that the ConfigMap of the state has no
/// space for. So the number of objects has no limit, and each object only affects itself.
/// </summary>
internal sealed class OwnershipWriter(
    ClusterRecords records,
    LeaderInformers informers,
    DynamicRecordStatusWriter status,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<OwnershipWriter> logger
)
{
    /// <summary>
    /// How long a round waits for the statuses. Slow writes of some objects must not delay the others.
    /// </summary>
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(2);

    /// <summary>The maximum number of objects that are written at the same time.</summary>
    private const int MaxParallelWrites = 8;

    private Task _writing = Task.CompletedTask;

    /// <summary>Whether the status of an object contains all values of ours of this record.</summary>
    public bool IsStored(RecordState record) =>
        Find(record) is { } item && status.Stored(item)?.Records?.Any(r => r?.Covers(record) == true) == true;

    /// <summary>
    /// Writes the status of the objects that request these records. Writes that take longer than two seconds continue,
    /// and their end triggers a round. Calls must not overlap.
    /// </summary>
    /// <param name="ids">The records.</param>
    /// <param name="waits">Whether the call waits at all.</param>
    /// <param name="cancellationToken">Cancels the wait and the writes.</param>
    public async Task WriteAsync(IReadOnlySet<RecordId> ids, bool waits, CancellationToken cancellationToken)
    {
        var timeout = Task.Delay(s_maxWait, time, cancellationToken);
        while (true)
        {
            // The writes of an earlier call may have begun before the present values were known.
            var isOfThisCall = _writing.IsCompleted;
            if (isOfThisCall)
                _writing = WriteAllAsync(ids, cancellationToken);
            var writing = _writing;
            if (!waits)
                return;
            if (await Task.WhenAny(writing, timeout) != writing)
            {
                trigger.RequestAfter(writing, ReconcileReason.Cluster);
                return;
            }

            if (isOfThisCall)
                return;
        }
    }

    private Task WriteAllAsync(IReadOnlySet<RecordId> ids, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = cancellationToken,
        };
        var owners = records
            .Requests.Where(r => r.Records.Any(w => ids.Contains(w.Id)))
            .Select(r => r.Object)
            .OfType<DynamicRecord>();
        return Parallel.ForEachAsync(owners, parallel, async (owner, cancel) => await TryWriteAsync(owner, cancel));
    }

    private DynamicRecord? Find(RecordState record)
    {
        if (record.WantedBy?.StartsWith(DynamicRecordReader.WantedByPrefix, StringComparison.Ordinal) != true)
            return null;
        var name = record.WantedBy[DynamicRecordReader.WantedByPrefix.Length..];
        return name.Split('/') is [var space, var own] && informers.IsRunning
            ? informers.Records.Find(own, space)
            : null;
    }

    private async Task TryWriteAsync(DynamicRecord owner, CancellationToken cancellationToken)
    {
        try
        {
            var found = informers.Records.Find(owner.Name, owner.Namespace);
            if (found?.Uid == owner.Uid)
                await status.WriteAsync(found, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The term has ended.
        }
#pragma warning disable CA1031 // Any failure concerns this object only, and must not affect the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.StatusNotWritten($"status of {owner.Namespace}/{owner.Name}", UntrustedText.Clean(e.Explain()));
        }
    }
}
