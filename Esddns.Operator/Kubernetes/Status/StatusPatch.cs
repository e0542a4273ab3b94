using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Replaces the status of a DynamicRecord by server-side apply: a field that is no longer applied is removed
/// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). Each request names the version
/// that it replaces, because the status of an earlier leader must not arrive after the status of its successor.
/// </summary>
internal sealed class StatusPatch(ApiClient api, ILeadership leadership, TimeProvider time, ILogger<StatusPatch> logger)
{
    /// <summary>The manager of the applied fields.</summary>
    private const string FieldManager = "esddns-operator";

    private const int Attempts = 4;

    /// <summary>
    /// After an earlier CustomResourceDefinition refused the newer fields, the time until they are tried again.
    /// </summary>
    private static readonly TimeSpan s_refusalPeriod = TimeSpan.FromMinutes(1);

    private long? _refused;
    private int _isLogged;

    /// <summary>The JSON of a status as it is applied.</summary>
    public byte[] Json(DynamicRecordStatus? status)
    {
        if (status is null)
            return [];
        if (_refused is { } refused && time.GetElapsedTime(refused) < s_refusalPeriod)
            status = status.WithoutNewerFields();
        return JsonSerializer.SerializeToUtf8Bytes(status, ObjectJson.Default.DynamicRecordStatus);
    }

    /// <summary>Applies the status to the newest version of the object.</summary>
    /// <returns>The stored object.</returns>
    public async Task<DynamicRecord> ApplyAsync(
        DynamicRecord record,
        string? version,
        DynamicRecordStatus status,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ApplyOnceAsync(record, version, Json(status), cancellationToken);
            }
            catch (ApiException e) when (attempt < Attempts && e.HasStatus(HttpStatusCode.Conflict))
            {
                var found = await api.GetAsync(
                    Resources.DynamicRecords,
                    record.Namespace,
                    record.Name,
                    cancellationToken
                );
                // The other version may be of a successor.
                if (found.Uid != record.Uid || !leadership.IsLeader)
                    throw;
                version = found.Metadata.ResourceVersion;
            }
            catch (ApiException e) when (attempt < Attempts && RefusesField(e))
            {
                if (Interlocked.Exchange(ref _isLogged, 1) == 0)
                    logger.StatusFieldsRefused();
                _refused = time.GetTimestamp();
            }
        }
    }

    /// <summary>Whether the CustomResourceDefinition is of an earlier version, and lacks a field.</summary>
    private static bool RefusesField(ApiException e) =>
        e.Message.Contains(": field not declared in schema", StringComparison.Ordinal);

    private async Task<DynamicRecord> ApplyOnceAsync(
        DynamicRecord record,
        string? version,
        byte[] status,
        CancellationToken cancellationToken
    )
    {
        var applied = Patch.Apply(Applied(record, version, status), FieldManager);
        var stored = await PatchAsync(record, applied, cancellationToken);
        // Server-side apply keeps fields of other managers, such as an earlier version of the operator.
        return Json(stored.Status).AsSpan().SequenceEqual(status)
            ? stored
            : await PatchAsync(record, Replacement(stored, status), cancellationToken);
    }

    private static JsonObject Applied(DynamicRecord record, string? version, byte[] status) =>
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
                ["resourceVersion"] = version,
            },
            ["status"] = JsonNode.Parse(status),
        };

    private static Patch Replacement(DynamicRecord stored, byte[] status)
    {
        var test = new JsonObject
        {
            ["op"] = "test",
            ["path"] = "/metadata/resourceVersion",
            ["value"] = stored.Metadata.ResourceVersion,
        };
        var add = new JsonObject
        {
            ["op"] = "add",
            ["path"] = "/status",
            ["value"] = JsonNode.Parse(status),
        };
        return Patch.Json(test, add) with { FieldManager = FieldManager };
    }

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
