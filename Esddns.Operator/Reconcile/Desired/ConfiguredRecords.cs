namespace Esddns.Operator.Reconcile.Desired;

/// <summary>The desired records of the configuration.</summary>
internal sealed record ConfiguredRecords(IReadOnlyList<DesiredRecord> Records) : IDesiredRecords
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Records);
}
