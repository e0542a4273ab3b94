namespace Esddns.Operator.Dns;

/// <summary>
/// Whether this process may write DNS records. A single process always may; in a cluster, only the holder of the Lease
/// may. Check it again immediately before sending, because the process may have been suspended since the last check.
/// </summary>
internal interface ILeadership
{
    /// <summary>Whether this process may write now.</summary>
    bool IsLeader { get; }

    /// <summary>
    /// Cancelled when the current leadership ends; already cancelled on a follower. The control loop then
    /// interrupts the round, and the DNS providers send no more writes.
    /// </summary>
    CancellationToken LeadershipLost { get; }

    /// <summary>The number of the term, while this process holds the Lease; null otherwise.</summary>
    int? Term => null;

    /// <summary>
    /// How long no other process writes after the leadership has ended; null when no other process ever writes.
    /// A message sent during the leadership must arrive within this time or not at all.
    /// </summary>
    TimeSpan? HandoverGap => null;
}
