namespace Esddns.Operator.Notifications.Queue;

/// <summary>Stores the ledger: in a file, or in the state of the cluster.</summary>
internal interface ILedgerStore
{
    /// <summary>Loads the ledger; the empty one when there is none. Null when it cannot be read now.</summary>
    Task<Ledger?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the ledger.</summary>
    Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken);
}

/// <summary>The outcome of storing the ledger.</summary>
internal enum SaveOutcome
{
    /// <summary>It is stored, as far as possible on this machine.</summary>
    Saved,

    /// <summary>It is not stored; a later attempt may succeed.</summary>
    Failed,

    /// <summary>Another process has stored a newer one. Load that one.</summary>
    Outdated,
}
