namespace Esddns.Operator.Notifications.Queue;

/// <summary>Stores the ledger: in a file, or in the state of the cluster.</summary>
internal interface ILedgerStore
{
    /// <summary>Loads the ledger; the empty one when there is none. Null when it cannot be read now.</summary>
    Task<Ledger?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the ledger.</summary>
    Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken);
}

/// <summary>The outcome of storing the ledger. A class: a task of an enumeration adds native code of its own.</summary>
internal sealed class SaveOutcome
{
    private SaveOutcome() { }

    /// <summary>It is stored, as far as possible on this machine.</summary>
    public static SaveOutcome Saved { get; } = new();

    /// <summary>It is not stored; a later attempt may succeed.</summary>
    public static SaveOutcome Failed { get; } = new();

    /// <summary>Another process has stored a newer one. Load that one.</summary>
    public static SaveOutcome Outdated { get; } = new();
}
