using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>
/// Writes the status of a DynamicRecord by server-side apply: a field that is no longer applied is removed
/// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). An unchanged status is not
/// written.
/// </summary>
internal sealed class DynamicRecordStatusWriter(ApiClient api, TimeProvider time)
{
    /// <summary>The manager of the applied fields.</summary>
    private const string FieldManager = "esddns-operator";

    private readonly ConcurrentDictionary<string, byte[]> _written = new();

    /// <summary>Applies the current status. Throws the exceptions of <see cref="ApiClient"/>.</summary>
    /// <returns>Whether the status was written.</returns>
    public async Task<bool> WriteAsync(
        DynamicRecord record,
        RecordRequest request,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        var status = DynamicRecordConditions.Of(record, request, snapshot, time.GetUtcNow().UtcDateTime);
        var next = Json(status);
        var current = _written.TryGetValue(record.Uid, out var last) ? last : Json(record.Status);
        if (current.AsSpan().SequenceEqual(next))
            return false;
        _written.TryRemove(record.Uid, out _);
        try
        {
            var stored = await PatchAsync(record, Patch.Apply(Applied(record, next), FieldManager), cancellationToken);
            // Server-side apply keeps fields of other managers, such as an earlier version of the operator.
            if (!Json(stored.Status).AsSpan().SequenceEqual(next))
            {
                var whole = new JsonObject
                {
                    ["op"] = "add",
                    ["path"] = "/status",
                    ["value"] = JsonNode.Parse(next),
                };
                await PatchAsync(record, Patch.Json(whole) with { FieldManager = FieldManager }, cancellationToken);
            }

            _written[record.Uid] = next;
            return true;
        }
        catch (Exception e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            // The object was deleted.
            return false;
        }
    }

    /// <summary>Removes all objects but these from memory.</summary>
    public void RetainOnly(IReadOnlySet<string> uids)
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
            // With the uid: a new object of the same name must not get this status.
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
