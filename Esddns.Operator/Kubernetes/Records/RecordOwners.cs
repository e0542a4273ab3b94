using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile;

namespace Esddns.Operator.Kubernetes.Records;

/// <summary>Who keeps which RRset: the first who enters it.</summary>
internal sealed class RecordOwners
{
    private readonly Dictionary<RecordId, DesiredRecord> _records = [];

    /// <summary>Enters all of them, or none and answers with who was there before.</summary>
    public bool TryEnter(IReadOnlyList<DesiredRecord> wanted, out string? conflict)
    {
        conflict =
            wanted.GroupBy(r => r.Id).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? $"{twice.Key} is named twice; remove one"
            : wanted.Select(r => _records.GetValueOrDefault(r.Id)).FirstOrDefault(r => r is not null) is { } taken
                ? $"{taken.Id} is already kept for {taken.WantedBy}"
            : null;
        if (conflict is not null)
            return false;
        foreach (var record in wanted)
            _records[record.Id] = record;
        return true;
    }
}
