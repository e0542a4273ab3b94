namespace Esddns.Operator.Reconcile;

/// <summary>Provides the desired records.</summary>
internal interface IDesiredRecords
{
    /// <summary>All desired records at this moment, each RRset once.</summary>
    ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken);
}

/// <summary>The desired records of the configuration.</summary>
internal sealed record ConfiguredRecords(IReadOnlyList<DesiredRecord> Records) : IDesiredRecords
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Records);
}
