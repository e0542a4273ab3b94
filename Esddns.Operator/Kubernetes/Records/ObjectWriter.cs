using System.Collections.Concurrent;
using System.Net;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Writes the status and the finalizers of objects. A failed write is retried for its object, with growing waits, and
/// does not delay other objects.
/// </summary>
internal sealed class ObjectWriter(
    ClusterRecords records,
    DynamicRecordStatusWriter status,
    Finalizers finalizers,
    LoopOptions loop,
    TimeProvider time,
    Random random,
    ILogger<ObjectWriter> logger
)
{
    /// <summary>The maximum number of objects that are written at the same time.</summary>
    private const int MaxParallelWrites = 8;

    private const string Status = "status",
        Finalizer = "finalizer";

    /// <summary>The failures by object or namespace, and by kind of write.</summary>
    private readonly Backoff<(string Key, string Write)> _backoff = new(loop, time, random);

    /// <summary>The first object with a forbidden write since the last success, by namespace and write.</summary>
    private readonly ConcurrentDictionary<(string Key, string Write), string> _forbidden = new();

    /// <summary>Forgets the writes and failures of other objects.</summary>
    public void RetainOnly(IReadOnlyCollection<KubernetesObject> objects)
    {
        status.RetainOnly(objects.Select(o => o.Uid).ToHashSet());
        if (objects.Count == 0)
            _forbidden.Clear();
        _backoff.RetainOnly(
            objects
                .SelectMany(o => new[] { o.Uid, o.Namespace })
                .SelectMany(k => new[] { (k, Status), (k, Finalizer) })
                .ToHashSet()
        );
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
                await TryAsync(item, Finalizer, () => finalizers.ApplyAsync(item, request, now, cancel), cancel);
                if (
                    item is DynamicRecord record
                    && request is not null
                    && request.Object.Metadata.Generation == record.Metadata.Generation
                )
                    await TryAsync(item, Status, () => WriteStatusAsync(record, cancel), cancel);
            }
        );
    }

    private async Task<bool> WriteStatusAsync(DynamicRecord record, CancellationToken cancellationToken) =>
        await status.WriteAsync(record, cancellationToken) is { IsWritten: true };

    /// <summary>Makes one write of one object. The write returns false when there is nothing to write.</summary>
    private async Task TryAsync(
        KubernetesObject item,
        string kind,
        Func<Task<bool>> write,
        CancellationToken cancellationToken
    )
    {
        var (own, all) = ((item.Uid, kind), (item.Namespace, kind));
        if (!_backoff.MayTry(own, false) || !_backoff.MayTry(all, false))
            return;
        try
        {
            if (!await write())
                return;
            _backoff.Succeeded(own);
            _backoff.Succeeded(all);
            _forbidden.TryRemove(all, out _);
        }
#pragma warning disable CA1031 // Any failure concerns this object only, and must not affect the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _backoff.Failed(own);
            // Two objects with a forbidden write: it is probably forbidden in the whole namespace. A rule of the API
            // server may also forbid it for one object.
            if (e.HasStatus(HttpStatusCode.Forbidden) && _forbidden.GetOrAdd(all, item.Uid) != item.Uid)
                _backoff.Failed(all);
            logger.StatusNotWritten($"{kind} of {item.Namespace}/{item.Name}", UntrustedText.Clean(e.Explain()));
        }
    }
}
