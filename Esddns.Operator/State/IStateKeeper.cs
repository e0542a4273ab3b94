namespace Esddns.Operator.State;

/// <summary>Where the snapshot outlives the process.</summary>
internal interface IStateKeeper
{
    /// <summary>Why the last attempt to keep it failed; null when it did not.</summary>
    string? Problem { get; }

    /// <summary>What was kept, or the empty snapshot.</summary>
    Snapshot Load();

    /// <summary>Keeps it.</summary>
    /// <returns>Whether records may be written now: false when a successor would not know what is ours.</returns>
    Task<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Whether what was kept last has no room for this record, which therefore must not be written.</summary>
    bool HasNoRoomFor(Dns.RecordId id) => false;
}
