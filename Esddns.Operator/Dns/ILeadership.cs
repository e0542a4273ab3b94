namespace Esddns.Operator.Dns;

/// <summary>
/// Whether this process may write DNS records: alone, always; in a cluster, while it provably holds the Lease. Asked
/// again right before anything is sent, because a process may have been suspended since it was last asked.
/// </summary>
internal interface ILeadership
{
    /// <summary>Whether it may be written at this moment.</summary>
    bool IsLeader { get; }

    /// <summary>Cancelled when the current leadership ends; already cancelled on a follower.</summary>
    CancellationToken LeadershipLost { get; }

    /// <summary>
    /// How long nobody else writes after it has ended; null when nobody else ever does. What was sent while it was held
    /// must have arrived by then, or never.
    /// </summary>
    TimeSpan? Grace => null;
}

/// <summary>Nobody else writes.</summary>
internal sealed class AlwaysLeader : ILeadership
{
    /// <inheritdoc/>
    public bool IsLeader => true;

    /// <inheritdoc/>
    public CancellationToken LeadershipLost => CancellationToken.None;
}
