namespace Esddns.Operator.Dns;

/// <summary>Leadership of a single process: no other process writes.</summary>
internal sealed class AlwaysLeader : ILeadership
{
    /// <inheritdoc/>
    public bool IsLeader => true;

    /// <inheritdoc/>
    public CancellationToken LeadershipLost => CancellationToken.None;
}
