namespace Esddns.Operator.Reconcile.Desired;

/// <summary>Provides the desired records.</summary>
internal interface IDesiredRecords
{
    /// <summary>All desired records at this moment, each RRset once.</summary>
    ValueTask<IReadOnlyList<DesiredRecord>> CurrentAsync(CancellationToken cancellationToken);
}
