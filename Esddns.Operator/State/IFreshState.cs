namespace Esddns.Operator.State;

/// <summary>Brings the state up to date before somebody looks at it.</summary>
internal interface IFreshState
{
    /// <summary>Done when it is as new as it can be had without delay; what cannot be had is left as it is.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}

/// <summary>This process makes the state itself.</summary>
internal sealed class OwnState : IFreshState
{
    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
