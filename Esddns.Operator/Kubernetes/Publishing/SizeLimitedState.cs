using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// A snapshot in the size of a ConfigMap. What objects of tenants bring must never stop the records of the
/// administrator, so theirs give way: first what is only to be looked at, then records that own nothing, then the last
/// records in the order of the snapshot.
/// </summary>
/// <param name="Json">What is kept, in UTF-8: as a text it would be twice as large.</param>
/// <param name="Left">The records that own something and found no room.</param>
internal sealed record SizeLimitedState(byte[] Json, IReadOnlySet<RecordId> Left)
{
    /// <summary>A ConfigMap holds 1 MiB; the rest is for the other keys.</summary>
    private const int MaxBytes = 1_000_000;

    /// <summary>How many node views and changes are kept when space is short.</summary>
    private const int Few = 20;

    /// <summary>The whole when it fits, else as much of it as does.</summary>
    public static SizeLimitedState Of(Snapshot snapshot)
    {
        var whole = Write(snapshot);
        if (whole.Length <= MaxBytes)
            return new SizeLimitedState(whole, new HashSet<RecordId>());
        var first = snapshot.Records.Where(r => !IsOfObject(r)).ToArray();
        if (first.Sum(r => Size(r)) > MaxBytes / 2)
            first = [.. first.Select(Essence)];
        snapshot = snapshot with { History = [.. snapshot.History.Take(Few)], Nodes = [.. snapshot.Nodes.Take(Few)] };
        var room = MaxBytes - Write(snapshot with { Records = RecordStates.Of(first) }).Length;
        var kept = new List<RecordState>(first);
        var left = new HashSet<RecordId>();
        foreach (var record in snapshot.Records.Where(r => IsOfObject(r) && OwnsSomething(r)).Select(Essence))
        {
            // With the comma before it.
            var size = Size(record) + 1;
            if (size > room)
            {
                left.Add(record.Id);
                continue;
            }

            room -= size;
            kept.Add(record);
        }

        return new SizeLimitedState(Write(snapshot with { Records = RecordStates.Of(kept) }), left);
    }

    /// <summary>The fields from which a successor learns which values are ours.</summary>
    private static RecordState Essence(RecordState record) =>
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
