using System.IO.Compression;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// A snapshot that fits into a ConfigMap, compressed if necessary. Objects of tenants must never stop the records of
/// the administrator, so their data is omitted first: display data, then records without values of ours, then the last
/// records of DynamicRecords, whose status contains the values of ours too, then the last records of Services.
/// </summary>
/// <param name="Bytes">The kept part as JSON in UTF-8; a string would take twice the memory.</param>
/// <param name="IsCompressed">Whether the bytes are compressed (gzip, RFC 1952).</param>
/// <param name="Omitted">The records with values of ours that do not fit.</param>
internal sealed record SizeLimitedState(byte[] Bytes, bool IsCompressed, IReadOnlySet<RecordId> Omitted)
{
    /// <summary>The number of node views and changes that are kept when space is short.</summary>
    private const int MaxDisplayItems = 20;

    /// <summary>The maximum size of a state without compression.</summary>
    private const int MaxJsonBytes = 64 << 20;

    /// <summary>Returns the whole snapshot if it fits, otherwise the part that fits.</summary>
    public static SizeLimitedState Of(Snapshot snapshot, StateSizeLimit limit)
    {
        var whole = Write(snapshot);
        if (whole.Length <= limit.Bytes)
            return new SizeLimitedState(whole, false, new HashSet<RecordId>());
        var compressed = Compress(whole);
        // The ConfigMap contains it in base64 (RFC 4648).
        if (compressed.Length <= limit.Bytes / 4 * 3)
            return new SizeLimitedState(compressed, true, new HashSet<RecordId>());
        var first = snapshot.Records.Where(r => !IsOfObject(r)).ToArray();
        if (first.Sum(r => Size(r)) > limit.Bytes / 2)
            first = [.. first.Select(OwnershipOnly)];
        snapshot = snapshot with
        {
            History = [.. snapshot.History.Take(MaxDisplayItems)],
            Nodes = [.. snapshot.Nodes.Take(MaxDisplayItems)],
        };
        var room = limit.Bytes - Write(snapshot with { Records = RecordStates.Of(first) }).Length;
        var kept = new List<RecordState>(first);
        var omitted = new HashSet<RecordId>();
        var ofObjects = snapshot.Records.Where(r => IsOfObject(r) && OwnsSomething(r)).Select(OwnershipOnly);
        foreach (var record in ofObjects.OrderBy(IsOfDynamicRecord))
        {
            // With the comma before it.
            var size = Size(record) + 1;
            if (size > room)
            {
                omitted.Add(record.Id);
                continue;
            }

            room -= size;
            kept.Add(record);
        }

        return new SizeLimitedState(Write(snapshot with { Records = RecordStates.Of(kept) }), false, omitted);
    }

    /// <summary>Decompresses a state.</summary>
    /// <returns>The JSON; null when the bytes are not compressed data, or are more than <see cref="MaxJsonBytes"/>
    /// without compression.</returns>
    public static byte[]? Decompress(byte[] bytes)
    {
        try
        {
            using var compressed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var json = new MemoryStream();
            var buffer = new byte[81920];
            while (compressed.Read(buffer) is > 0 and var read)
            {
                if (json.Length + read > MaxJsonBytes)
                    return null;
                json.Write(buffer, 0, read);
            }

            return json.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Compress(byte[] json)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(json);
        return compressed.ToArray();
    }

    /// <summary>The fields that a successor needs to know which values are ours.</summary>
    private static RecordState OwnershipOnly(RecordState record) =>
        new(record.Fqdn, record.Type)
        {
            Key = record.Key,
            WantedBy = record.WantedBy,
            Credentials = record.Credentials,
            Ttl = record.Ttl,
            Ours = record.Ours,
            Former = record.Former,
            Sent = record.Sent,
            Unanswered = record.Unanswered,
            LastWritten = record.LastWritten,
            LastVerified = record.LastVerified,
            IsOwnershipOutdated = record.IsOwnershipOutdated,
        };

    private static bool OwnsSomething(RecordState record) => record.OursEver.Count > 0 || record.Sent is not null;

    private static bool IsOfObject(RecordState record) =>
        IsOfDynamicRecord(record) || IsWantedBy(record, ServiceRecords.WantedByPrefix);

    private static bool IsOfDynamicRecord(RecordState record) => IsWantedBy(record, DynamicRecordReader.WantedByPrefix);

    private static bool IsWantedBy(RecordState record, string prefix) =>
        record.WantedBy?.StartsWith(prefix, StringComparison.Ordinal) == true;

    private static byte[] Write(Snapshot snapshot) =>
        JsonSerializer.SerializeToUtf8Bytes(
            snapshot with
            {
                Leader = null,
                Stale = null,
            },
            SnapshotJson.Compact.Snapshot
        );

    private static int Size(RecordState record) =>
        JsonSerializer.SerializeToUtf8Bytes(record, SnapshotJson.Compact.RecordState).Length;
}
