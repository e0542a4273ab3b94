using System.IO.Compression;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// A snapshot that fits into a ConfigMap, compressed if necessary. Objects of tenants must never stop the records of
/// the administrator, so their data is omitted first: transitions, then other display data, then records without values
/// of ours, then the last records of DynamicRecords, whose status contains the values of ours too, then the last
/// records of Services.
/// </summary>
/// <param name="Bytes">The kept part as JSON in UTF-8; a string would take twice the memory.</param>
/// <param name="IsCompressed">Whether the bytes are compressed (gzip, RFC 1952).</param>
/// <param name="Kept">The records of the kept part.</param>
/// <param name="Unstored">The records whose newest values of ours neither fit nor are in the status of their
/// object.</param>
internal sealed record SizeLimitedState(
    byte[] Bytes,
    bool IsCompressed,
    RecordStates Kept,
    IReadOnlySet<RecordId> Unstored
)
{
    /// <summary>The number of node views and changes that are kept when space is short.</summary>
    private const int MaxDisplayItems = 20;

    /// <summary>The numbers of transitions that are tried one after the other when space is short.</summary>
    private static readonly int[] s_fewerTransitions = [1_000, 0];

    /// <summary>The maximum size of a state without compression.</summary>
    private const int MaxJsonBytes = 64 << 20;

    /// <summary>Returns the whole snapshot if it fits, otherwise the part that fits.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="limit">The maximum size.</param>
    /// <param name="stored">The records in the ConfigMap now. While the newest values of a record are not in the status
    /// of its object, its earlier values stay in the ConfigMap, and nothing else takes their space.</param>
    /// <param name="isInStatus">Whether the status of its object contains the values of ours of a record.</param>
    public static SizeLimitedState Of(
        Snapshot snapshot,
        StateSizeLimit limit,
        RecordStates stored,
        Func<RecordState, bool> isInStatus
    )
    {
        var whole = Write(snapshot);
        if (whole.Length <= limit.Bytes)
            return new SizeLimitedState(whole, false, snapshot.Records, new HashSet<RecordId>());
        var compressed = Compress(whole);
        // The ConfigMap contains it in base64 (RFC 4648).
        if (compressed.Length <= limit.Bytes / 4 * 3)
            return new SizeLimitedState(compressed, true, snapshot.Records, new HashSet<RecordId>());
        foreach (var count in s_fewerTransitions)
        {
            if (snapshot.Transitions.Entries.Length <= count)
                continue;
            snapshot = snapshot with { Transitions = snapshot.Transitions.Newest(count) };
            compressed = Compress(Write(snapshot));
            if (compressed.Length <= limit.Bytes / 4 * 3)
                return new SizeLimitedState(compressed, true, snapshot.Records, new HashSet<RecordId>());
        }

        var first = snapshot.Records.Where(r => !IsOfObject(r)).ToArray();
        if (Write(snapshot with { Records = RecordStates.Of(first) }).Length > limit.Bytes / 2)
            first = [.. first.Select(OwnershipOnly)];
        snapshot = snapshot with
        {
            History = [.. snapshot.History.Take(MaxDisplayItems)],
            Nodes = [.. snapshot.Nodes.Take(MaxDisplayItems)],
        };
        RecordState[] owning =
        [
            .. snapshot.Records.Where(r => IsOfObject(r) && OwnsSomething(r)).Select(OwnershipOnly),
        ];
        var reduced = RecordStates.Of([.. first, .. owning]);
        compressed = Compress(Write(snapshot with { Records = reduced }));
        if (compressed.Length <= limit.Bytes / 4 * 3)
            return new SizeLimitedState(compressed, true, reduced, new HashSet<RecordId>());
        var room = limit.Bytes - Write(snapshot with { Records = RecordStates.Of(first) }).Length;
        var fitted = new List<RecordState>(first);
        RecordState[] ofObjects = [.. owning.OrderBy(IsOfDynamicRecord)];
        RecordState[] onlyHere = [.. ofObjects.Where(r => !isInStatus(r))];
        var unstored = AddOnlyCopies(onlyHere, stored, fitted, ref room);
        foreach (var record in ofObjects.Where(isInStatus))
            if (Size(record) is var size && size <= room)
            {
                room -= size;
                fitted.Add(record);
            }

        var kept = RecordStates.Of(fitted);
        if (
            unstored.Any(id => kept[id] is null && stored[id] is { } only && OwnsSomething(only))
            && OfEarlierValues(snapshot, limit, first, onlyHere, stored) is { } earlier
        )
            return earlier;
        return new SizeLimitedState(Write(snapshot with { Records = kept }), false, kept, unstored);
    }

    /// <summary>
    /// The state with the earlier values of the records that only the ConfigMap contains. They fitted before, with
    /// compression; the newest values wait until the status of their objects contains them.
    /// </summary>
    /// <returns>The state; null when it is too large.</returns>
    private static SizeLimitedState? OfEarlierValues(
        Snapshot snapshot,
        StateSizeLimit limit,
        RecordState[] first,
        RecordState[] onlyCopies,
        RecordStates stored
    )
    {
        var earlier = onlyCopies.Select(r => stored[r.Id]).OfType<RecordState>().Where(OwnsSomething);
        var kept = RecordStates.Of([.. first, .. earlier.Select(OwnershipOnly)]);
        var compressed = Compress(Write(snapshot with { Records = kept }));
        if (compressed.Length > limit.Bytes / 4 * 3)
            return null;
        var unstored = onlyCopies.Where(r => kept[r.Id]?.OursEver.ContainsAll(r.OursEver) != true);
        return new SizeLimitedState(compressed, true, kept, unstored.Select(r => r.Id).ToHashSet());
    }

    /// <summary>
    /// Adds the records that only the ConfigMap contains: the newest values of a record, or its earlier values when the
    /// newest do not fit.
    /// </summary>
    /// <returns>The records whose newest values do not fit.</returns>
    private static HashSet<RecordId> AddOnlyCopies(
        RecordState[] records,
        RecordStates stored,
        List<RecordState> fitted,
        ref int room
    )
    {
        var earlier = new Dictionary<RecordId, (RecordState Record, int Size)>();
        foreach (var record in records)
            if (stored[record.Id] is { } before && OwnsSomething(before) && Size(before) is var size && size <= room)
            {
                earlier[record.Id] = (OwnershipOnly(before), size);
                room -= size;
            }

        var unstored = new HashSet<RecordId>();
        foreach (var record in records)
        {
            var (before, reserved) = earlier.GetValueOrDefault(record.Id);
            var more = Size(record) - reserved;
            if (more <= room)
            {
                room -= more;
                fitted.Add(record);
                continue;
            }

            unstored.Add(record.Id);
            if (before is not null)
                fitted.Add(before);
        }

        return unstored;
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
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
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

    /// <summary>The size of the stored fields of a record, with the comma before it.</summary>
    private static int Size(RecordState record) =>
        JsonSerializer.SerializeToUtf8Bytes(OwnershipOnly(record), SnapshotJson.Compact.RecordState).Length + 1;
}
