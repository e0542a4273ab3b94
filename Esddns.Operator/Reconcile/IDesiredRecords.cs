namespace Esddns.Operator.Reconcile;

/// <summary>Where the wishes come from.</summary>
internal interface IDesiredRecords
{
    /// <summary>All records wanted at this moment, each RRset once.</summary>
    ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken);
}

/// <summary>The records of the configuration.</summary>
internal sealed record ConfiguredRecords(IReadOnlyList<DesiredRecord> Records) : IDesiredRecords
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Records);
}
