using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Writes the status and the finalizers of objects. A failed write is retried for its object, with growing waits, and
/// does not delay other objects.
/// </summary>
internal sealed class ObjectWriter(
    ClusterRecords records,
    DynamicRecordStatusWriter status,
    Finalizers finalizers,
    RetryDelay delay,
    TimeProvider time,
    ILogger<ObjectWriter> logger
)
{
    /// <summary>The maximum number of objects that are written at the same time.</summary>
    private const int MaxParallelWrites = 8;

    private readonly ObjectBackoff _backoff = new(delay, time);

    /// <summary>Forgets the writes and failures of other objects.</summary>
    public void RetainOnly(IReadOnlyCollection<KubernetesObject> objects)
    {
        status.RetainOnly(objects.Select(o => o.Uid).ToHashSet());
        _backoff.RetainOnly(objects);
    }

    /// <summary>Writes the objects that changed; the namespaces take turns.</summary>
    public Task WriteAsync(
        IReadOnlyCollection<KubernetesObject> objects,
        Snapshot now,
        CancellationToken cancellationToken
    )
    {
        RetainOnly(objects);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = MaxParallelWrites,
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(
            RoundRobin.Of(objects, o => o.Namespace),
            parallel,
            async (item, cancel) =>
            {
                var request = records.RequestOf(item.Uid);
                // First the finalizer: it needs the known version of the object, which a status changes.
                await TryAsync(
                    item,
                    ObjectWriteKind.Finalizers,
                    () => finalizers.ApplyAsync(item, request, now, cancel),
                    cancel
                );
                if (
                    item is DynamicRecord record
                    && request is not null
                    && request.Object.Metadata.Generation == record.Metadata.Generation
                )
                    await TryAsync(item, ObjectWriteKind.Status, () => status.WriteAsync(record, cancel), cancel);
            }
        );
    }

    /// <summary>Makes one write of one object. The write returns false when there is nothing to write.</summary>
    private async Task TryAsync(
        KubernetesObject item,
        ObjectWriteKind kind,
        Func<Task<bool>> write,
        CancellationToken cancellationToken
    )
    {
        if (!_backoff.MayTry(item, kind))
            return;
        try
        {
            if (await write())
                _backoff.Succeeded(item, kind);
        }
#pragma warning disable CA1031 // Any failure concerns this object only, and must not affect the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _backoff.Failed(item, kind, e.HasStatus(HttpStatusCode.Forbidden));
            var what = kind == ObjectWriteKind.Status ? "status" : "finalizers";
            logger.StatusNotWritten($"{what} of {item.Namespace}/{item.Name}", UntrustedText.Clean(e.Explain()));
        }
    }
}
