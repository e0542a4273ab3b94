namespace Esddns.Operator.State;

/// <summary>Refreshes the state before it is read.</summary>
internal interface IStateRefresher
{
    /// <summary>
    /// Completes when the state is as new as possible without delay. When it cannot be refreshed, it stays unchanged.
    /// </summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}
