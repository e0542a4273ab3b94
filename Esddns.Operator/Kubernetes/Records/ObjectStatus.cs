using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Writes the status of a DynamicRecord by server-side apply, as its owner: a field that we no longer apply disappears
/// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). What has not changed is not
/// written.
/// </summary>
internal sealed class ObjectStatus(ApiClient api, TimeProvider time)
{
    /// <summary>Who owns the fields that we apply.</summary>
    private const string Owner = "esddns-operator";

    private readonly ConcurrentDictionary<string, byte[]> _written = new();

    /// <summary>Applies the current status. Throws the error of the API server.</summary>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> WriteAsync(
        DynamicRecord record,
        RecordRequest request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var status = RecordStatus.Of(record, request, snapshot, time.GetUtcNow().UtcDateTime);
        var next = Json(status);
        var stands = _written.TryGetValue(record.Uid, out var last) ? last : Json(record.Status);
        if (stands.AsSpan().SequenceEqual(next))
            return false;
        _written.TryRemove(record.Uid, out _);
        try
        {
            var stored = await PatchAsync(record, Patch.Apply(Applied(record, next), Owner), cancellationToken);
            // Fields of an earlier owner, such as a version before server-side apply, do not go by themselves.
            if (!Json(stored.Status).AsSpan().SequenceEqual(next))
            {
                var whole = new JsonObject
                {
                    ["op"] = "add",
                    ["path"] = "/status",
                    ["value"] = JsonNode.Parse(next),
                };
                await PatchAsync(record, Patch.Json(whole) with { FieldManager = Owner }, cancellationToken);
            }

            _written[record.Uid] = next;
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

    private static byte[] Json(DynamicRecordStatus? status) =>
        status is null ? [] : JsonSerializer.SerializeToUtf8Bytes(status, ObjectJson.Default.DynamicRecordStatus);

    private static JsonObject Applied(DynamicRecord record, byte[] status) =>
        new()
        {
            ["apiVersion"] = $"{DynamicRecord.Group}/{DynamicRecord.Version}",
            ["kind"] = DynamicRecord.KindName,
            // With the identity: another object of the same name must not get it.
            ["metadata"] = new JsonObject
            {
                ["name"] = record.Name,
                ["namespace"] = record.Namespace,
                ["uid"] = record.Uid,
            },
            ["status"] = JsonNode.Parse(status),
        };

    private Task<DynamicRecord> PatchAsync(DynamicRecord record, Patch patch, CancellationToken cancellationToken) =>
        api.PatchAsync(
            Resources.DynamicRecords,
            record.Namespace,
            record.Name,
            patch,
            cancellationToken,
            subresource: "status"
        );
}
