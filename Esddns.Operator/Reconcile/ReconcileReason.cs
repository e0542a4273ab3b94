namespace Esddns.Operator.Reconcile;

/// <summary>The reason for a round.</summary>
/// <remarks>
/// In ascending order of urgency: of several reasons, the most urgent is the reason of the round. For
/// <see cref="Start"/> and above, the DNS provider is always read, and must be, even when other reasons occur at the
/// same time.
/// </remarks>
internal enum ReconcileReason
{
    /// <summary>The sync interval has passed.</summary>
    Timer,

    /// <summary>The DNS provider failed, and the wait for a retry is over.</summary>
    Retry,

    /// <summary>A write without a response may have arrived.</summary>
    LateWrite,

    /// <summary>There was no agreement or the round failed, and the wait for a retry is over.</summary>
    Recheck,

    /// <summary>An object in the cluster changed.</summary>
    Cluster,

    /// <summary>Another node reported a new address.</summary>
    Peers,

    /// <summary>The canary observed a new address.</summary>
    Canary,

    /// <summary>The addresses of the host changed.</summary>
    Network,

    /// <summary>The process started.</summary>
    Start,

    /// <summary>The authoritative name servers return other values than expected.</summary>
    Drift,

    /// <summary>This process became the leader.</summary>
    Elected,

    /// <summary>The credentials changed.</summary>
    Credentials,

    /// <summary>A person or program requested a round.</summary>
    Request,
}

/// <summary>Properties of a reason.</summary>
internal static class ReconcileReasonExtensions
{
    /// <summary>Whether the address sources are polled; if not, the round uses the last observations.</summary>
    public static bool AsksSources(this ReconcileReason reason) =>
        reason
            is not (
                ReconcileReason.Retry
                or ReconcileReason.LateWrite
                or ReconcileReason.Cluster
                or ReconcileReason.Drift
                or ReconcileReason.Credentials
            );

    /// <summary>Whether a person caused the round, so that failed operations are retried at once.</summary>
    public static bool IsByPerson(this ReconcileReason reason) =>
        reason is ReconcileReason.Request or ReconcileReason.Credentials;
}
