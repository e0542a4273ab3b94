namespace Esddns.Operator.State;

/// <summary>The state of a process that computes the state itself; it is always fresh.</summary>
internal sealed class NoRefresh : IStateRefresher
{
    /// <inheritdoc/>
    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
