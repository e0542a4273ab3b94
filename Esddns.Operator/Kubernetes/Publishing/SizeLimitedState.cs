using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// A snapshot that fits into a ConfigMap. Objects of tenants must never stop the records of the administrator, so their
/// data is omitted first: display data, then records without values of ours, then the last records of the snapshot.
/// </summary>
/// <param name="Json">The kept part as UTF-8; a string would take twice the memory.</param>
/// <param name="Omitted">The records with values of ours that do not fit.</param>
internal sealed record SizeLimitedState(byte[] Json, IReadOnlySet<RecordId> Omitted)
{
    /// <summary>A ConfigMap holds 1 MiB; the rest is for the other keys.</summary>
    private const int MaxBytes = 1_000_000;

    /// <summary>The number of node views and changes that are kept when space is short.</summary>
    private const int MaxDisplayItems = 20;

    /// <summary>Returns the whole snapshot if it fits, otherwise the part that fits.</summary>
    public static SizeLimitedState Of(Snapshot snapshot)
    {
        var whole = Write(snapshot);
        if (whole.Length <= MaxBytes)
            return new SizeLimitedState(whole, new HashSet<RecordId>());
        var first = snapshot.Records.Where(r => !IsOfObject(r)).ToArray();
        if (first.Sum(r => Size(r)) > MaxBytes / 2)
            first = [.. first.Select(OwnershipOnly)];
        snapshot = snapshot with
        {
            History = [.. snapshot.History.Take(MaxDisplayItems)],
            Nodes = [.. snapshot.Nodes.Take(MaxDisplayItems)],
        };
        var room = MaxBytes - Write(snapshot with { Records = RecordStates.Of(first) }).Length;
        var kept = new List<RecordState>(first);
        var omitted = new HashSet<RecordId>();
        foreach (var record in snapshot.Records.Where(r => IsOfObject(r) && OwnsSomething(r)).Select(OwnershipOnly))
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

        return new SizeLimitedState(Write(snapshot with { Records = RecordStates.Of(kept) }), omitted);
    }

    /// <summary>The fields that a successor needs to know which values are ours.</summary>
    private static RecordState OwnershipOnly(RecordState record) =>
        new(record.Fqdn, record.Type)
        {
            Key = record.Key,
            WantedBy = record.WantedBy,
            Ttl = record.Ttl,
            Ours = record.Ours,
            Former = record.Former,
            Sent = record.Sent,
            IsOwnershipOutdated = record.IsOwnershipOutdated,
        };

    private static bool OwnsSomething(RecordState record) => record.OursEver.Count > 0 || record.Sent is not null;

    private static bool IsOfObject(RecordState record) =>
        record.WantedBy is { } who
        && (
            who.StartsWith(DynamicRecord.KindName + " ", StringComparison.Ordinal)
            || who.StartsWith("Service ", StringComparison.Ordinal)
        );

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
