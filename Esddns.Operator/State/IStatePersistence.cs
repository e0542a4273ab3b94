namespace Esddns.Operator.State;

/// <summary>Persists the snapshot across restarts.</summary>
internal interface IStatePersistence
{
    /// <summary>The reason why the last attempt to persist failed; null when it succeeded.</summary>
    string? Problem { get; }

    /// <summary>Loads the persisted snapshot; the empty snapshot when there is none.</summary>
    Snapshot Load();

    /// <summary>Persists the snapshot. Calls must not overlap; see <see cref="SaveQueue"/>.</summary>
    /// <returns>Whether records may be written now. False when a successor would not know which values are
    /// ours.</returns>
    Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Whether <paramref name="snapshot"/> need not be persisted: the persisted one is recent, and only its times are
    /// older.
    /// </summary>
    bool IsPersisted(Snapshot snapshot) => false;

    /// <summary>
    /// Whether the last attempt could not persist the values of this record, for lack of space. Such a record must not
    /// be written.
    /// </summary>
    bool IsUnstored(Dns.RecordId id) => false;
}
