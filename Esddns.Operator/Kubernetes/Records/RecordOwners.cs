using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Desired;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Assigns each RRset to the first request that adds it.</summary>
internal sealed class RecordOwners
{
    private readonly Dictionary<RecordId, DesiredRecord> _records = [];

    /// <summary>Adds all records, or none when one of them conflicts with an earlier record.</summary>
    public bool TryAdd(IReadOnlyList<DesiredRecord> wanted, out string? conflict)
    {
        conflict = Conflict(wanted);
        if (conflict is not null)
            return false;
        foreach (var record in wanted)
            _records[record.Id] = record;
        return true;
    }

    private string? Conflict(IReadOnlyList<DesiredRecord> wanted)
    {
        var ids = new HashSet<RecordId>();
        if (wanted.FirstOrDefault(r => !ids.Add(r.Id)) is { } twice)
            return $"{twice.Id} is named twice; remove one";
        return wanted.Select(r => _records.GetValueOrDefault(r.Id)).FirstOrDefault(r => r is not null) is { } taken
            ? $"{taken.Id} already belongs to {taken.WantedBy}; choose another name"
            : null;
    }
}
