namespace Esddns.Operator.State;

/// <summary>The outcome of the last attempt to reach the desired state.</summary>
internal enum RecordOutcome
{
    /// <summary>The record was not processed yet.</summary>
    Pending,

    /// <summary>The record was already as desired; nothing was written.</summary>
    Noop,

    /// <summary>The record was written and read back.</summary>
    Updated,

    /// <summary>The record was not changed on purpose; <see cref="RecordState.Preserved"/> has the reason.</summary>
    Preserved,

    /// <summary>The record could not be read or written; <see cref="RecordState.LastError"/> has the reason.</summary>
    Failed,

    /// <summary>There is nothing to publish; <see cref="RecordState.Preserved"/> has the reason.</summary>
    Skipped,
}
