using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Status;

/// <summary>
/// Writes the status of a DynamicRecord by server-side apply: a field that is no longer applied is removed
/// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). An unchanged status is not
/// written. Each write names the version that it replaces, because the status of an earlier leader must not arrive
/// after the status of its successor.
/// </summary>
internal sealed class DynamicRecordStatusWriter(
    ApiClient api,
    ClusterRecords records,
    StateStore state,
    TimeProvider time
) : IDisposable
{
    /// <summary>The manager of the applied fields.</summary>
    private const string FieldManager = "esddns-operator";

    private const int Attempts = 4;

    /// <summary>Two writers of one object take turns: the first to start must not be the last to write.</summary>
    private readonly SemaphoreSlim[] _mutexes = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];

    private readonly ConcurrentDictionary<string, WrittenStatus> _written = new();

    /// <summary>
    /// Applies the status that follows from the current state. Throws the exceptions of <see cref="ApiClient"/>.
    /// </summary>
    /// <returns>The result; null when the object was deleted, or when no request for it is known.</returns>
    public async Task<StatusWrite?> WriteAsync(DynamicRecord record, CancellationToken cancellationToken)
    {
        var mutex = _mutexes[(uint)record.Uid.GetHashCode(StringComparison.Ordinal) % _mutexes.Length];
        await mutex.WaitAsync(cancellationToken);
        try
        {
            if (records.RequestOf(record.Uid) is not { } request)
                return null;
            var now = time.GetUtcNow().UtcDateTime;
            var status = DynamicRecordConditions.Of(record, request, state.Current, now);
            var next = Json(status);
            if (_written.TryGetValue(record.Uid, out var last) && last.Json.AsSpan().SequenceEqual(next))
                return new StatusWrite(false, last.HasRecords);
            if (last is null && Json(record.Status).AsSpan().SequenceEqual(next))
                return new StatusWrite(false, true);
            _written.TryRemove(record.Uid, out _);
            var stored = await ApplyAsync(record, Newer(record, last), next, cancellationToken);
            var hasRecords = Json(Only(stored.Status?.Records)).AsSpan().SequenceEqual(Json(Only(status.Records)));
            _written[record.Uid] = new WrittenStatus(next, stored.Metadata.ResourceVersion, hasRecords);
            return new StatusWrite(true, hasRecords);
        }
        catch (Exception e) when (e.HasStatus(HttpStatusCode.NotFound))
        {
            return null;
        }
        finally
        {
            mutex.Release();
        }
    }

    /// <summary>Removes all objects but these from memory.</summary>
    public void RetainOnly(IReadOnlySet<string> uids)
    {
        foreach (var uid in _written.Keys.Where(u => !uids.Contains(u)))
            _written.TryRemove(uid, out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mutex in _mutexes)
            mutex.Dispose();
    }

    /// <summary>The newer of the versions that the informer and the last write returned (KEP-5504).</summary>
    private static string? Newer(DynamicRecord record, WrittenStatus? last) =>
        VersionOf(last?.Version) > VersionOf(record.Metadata.ResourceVersion)
            ? last!.Version
            : record.Metadata.ResourceVersion;

    private static long VersionOf(string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static byte[] Json(DynamicRecordStatus? status) =>
        status is null ? [] : JsonSerializer.SerializeToUtf8Bytes(status, ObjectJson.Default.DynamicRecordStatus);

    private static DynamicRecordStatus Only(List<OwnedRecord>? owned) => new() { Records = owned };

    /// <summary>Applies the status to the newest version of the object.</summary>
    private async Task<DynamicRecord> ApplyAsync(
        DynamicRecord record,
        string? version,
        byte[] status,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var applied = Patch.Apply(Applied(record, version, status), FieldManager);
                var stored = await PatchAsync(record, applied, cancellationToken);
                // Server-side apply keeps fields of other managers, such as an earlier version of the operator.
                return Json(stored.Status).AsSpan().SequenceEqual(status)
                    ? stored
                    : await PatchAsync(record, Replacement(stored, status), cancellationToken);
            }
            catch (ApiException e) when (attempt < Attempts && e.HasStatus(HttpStatusCode.Conflict))
            {
                var found = await api.GetAsync(
                    Resources.DynamicRecords,
                    record.Namespace,
                    record.Name,
                    cancellationToken
                );
                if (found.Uid != record.Uid)
                    throw;
                version = found.Metadata.ResourceVersion;
            }
        }
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

    /// <summary>The status that was written last.</summary>
    private sealed record WrittenStatus(byte[] Json, string? Version, bool HasRecords);
}
