using System.Collections.Immutable;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Zones;

/// <summary>
/// The work on records of one zone. It may outlive its round; a later round then tells it which records have another
/// desired state now, so that it does not write the earlier one.
/// </summary>
internal sealed class ZoneRun(HostedZone zone, ZoneRecord[] records, params CancellationToken[] ends) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = CancellationTokenSource.CreateLinkedTokenSource(ends);
    private volatile ImmutableHashSet<RecordId> _superseded = [];

    /// <summary>The zone, with its credentials.</summary>
    public HostedZone Zone { get; } = zone;

    /// <summary>The records, with the evidence of the round that started the work.</summary>
    public IReadOnlyList<ZoneRecord> Records { get; } = records;

    /// <summary>The work; it has no result and never fails.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Cancelled when the work must end.</summary>
    public CancellationToken Ended => _cancellation.Token;

    /// <summary>Whether the record must not be written any more.</summary>
    public bool IsSuperseded(ZoneRecord record) => _superseded.Contains(record.Id);

    /// <summary>Compares the records with those of a later round.</summary>
    public void Supersede(IReadOnlyDictionary<RecordId, ZoneRecord> current) =>
        _superseded = _superseded.Union(
            Records.Where(r => !r.Equals(current.GetValueOrDefault(r.Id))).Select(r => r.Id)
        );

    /// <summary>Cancels the work.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();
}
