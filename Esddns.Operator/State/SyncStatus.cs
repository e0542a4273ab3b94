namespace Esddns.Operator.State;

/// <summary>
/// The status of a record. <see cref="SyncStatusRule"/> computes it in one place; page, <c>/raw</c>, <c>/status</c>,
/// metrics, conditions, health and exit code all show this status.
/// </summary>
internal enum SyncStatus
{
    /// <summary>The record was not processed since its desired state changed.</summary>
    Pending,

    /// <summary>The DNS provider stores the desired values, and the name servers do not contradict it.</summary>
    UpToDate,

    /// <summary>There is certainly nothing to publish: the host has no address of the family.</summary>
    Skipped,

    /// <summary>
    /// The record was not changed on purpose and may not be correct: there is no agreement on an address, or the policy
    /// forbids a write.
    /// </summary>
    LeftAlone,

    /// <summary>The record could not be read or written, or resolvers get other values.</summary>
    Failed,

    /// <summary>A write was sent, and it is not known whether it took effect.</summary>
    Unknown,
}
