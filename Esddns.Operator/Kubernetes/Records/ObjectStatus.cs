using System.Collections.Concurrent;
using System.Net;
using Esddns.Operator.State;
using k8s;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Writes the status of a DynamicRecord by server-side apply, as its owner: a field that we no longer apply disappears
/// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). What has not changed is not
/// written.
/// </summary>
internal sealed class ObjectStatus(IKubernetes api, TimeProvider time)
{
    /// <summary>Who owns the fields that we apply.</summary>
    private const string Owner = "esddns-operator";

    private readonly ConcurrentDictionary<string, string> _written = new();

    /// <summary>Brings it to what is known now. Throws what the API server answered.</summary>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> WriteAsync(
        DynamicRecord record,
        RecordRequest request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var status = RecordStatus.Of(record, request, snapshot, time.GetUtcNow().UtcDateTime);
        var next = KubernetesJson.Serialize(status);
        var stands =
            _written.TryGetValue(record.Uid(), out var last) ? last
            : record.Status is { } old ? KubernetesJson.Serialize(old)
            : null;
        if (stands == next)
            return false;
        _written.TryRemove(record.Uid(), out _);
        try
        {
            var applied = Applied(record, status);
            var stored = await PatchAsync(record, applied, V1Patch.PatchType.ApplyPatch, true, cancellationToken);
            // Fields of an earlier owner, such as a version before server-side apply, do not go by themselves.
            if (stored.Status is null || KubernetesJson.Serialize(stored.Status) != next)
            {
                var whole = new object[]
                {
                    new
                    {
                        op = "add",
                        path = "/status",
                        value = status,
                    },
                };
                await PatchAsync(record, whole, V1Patch.PatchType.JsonPatch, null, cancellationToken);
            }

            _written[record.Uid()] = next;
            return true;
        }
        catch (Exception e) when (e.Says(HttpStatusCode.NotFound))
        {
            // It is gone.
            return false;
        }
    }

    /// <summary>Forgets all objects but these.</summary>
    public void Keep(IReadOnlySet<string> uids)
    {
        foreach (var uid in _written.Keys.Where(u => !uids.Contains(u)))
            _written.TryRemove(uid, out _);
    }

    private static object Applied(DynamicRecord record, DynamicRecordStatus status) =>
        new
        {
            apiVersion = $"{DynamicRecord.Group}/{DynamicRecord.Version}",
            kind = DynamicRecord.KindName,
            // With the identity: another object of the same name must not get it.
            metadata = new
            {
                name = record.Name(),
                @namespace = record.Namespace(),
                uid = record.Uid(),
            },
            status,
        };

    private Task<DynamicRecord> PatchAsync(
        DynamicRecord record,
        object body,
        V1Patch.PatchType type,
        bool? force,
        CancellationToken cancellationToken
    ) =>
        api.CustomObjects.PatchNamespacedCustomObjectStatusAsync<DynamicRecord>(
            new V1Patch(body, type),
            DynamicRecord.Group,
            DynamicRecord.Version,
            record.Namespace(),
            DynamicRecord.Plural,
            record.Name(),
            fieldManager: Owner,
            force: force,
            cancellationToken: cancellationToken
        );
}
