using System.Runtime.CompilerServices;

namespace Esddns.Operator.State;

/// <summary>Holds the newest snapshot, for any number of writers and readers.</summary>
internal sealed class StateStore
{
    private readonly Lock _gate = new();
    private readonly IStatePersistence _persistence;
    private readonly SaveQueue _saves;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts with the stored snapshot.</summary>
    public StateStore(IStatePersistence persistence, TimeProvider time)
    {
        _persistence = persistence;
        _saves = new SaveQueue(() => Current, PersistAsync);
        Current = TakenOver(MarkOutdated(persistence.Load()), time.GetUtcNow());
    }

    /// <summary>The newest snapshot.</summary>
    public Snapshot Current
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>Replaces the newest snapshot and notifies the readers.</summary>
    public Snapshot Update(Func<Snapshot, Snapshot> next)
    {
        TaskCompletionSource changed;
        Snapshot updated;
        lock (_gate)
        {
            Current = updated = next(Current);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return updated;
    }

    /// <summary>Marks the ownership of each record as outdated when the stored snapshot is.</summary>
    private static Snapshot MarkOutdated(Snapshot stored) =>
        !stored.IsOutdated
            ? stored
            : stored with
            {
                IsOutdated = false,
                Records = RecordStates.Of(stored.Records.Select(r => r with { IsOwnershipOutdated = true })),
            };

    /// <summary>Takes over each record for the new process; all times are from one clock.</summary>
    private static Snapshot TakenOver(Snapshot stored, DateTimeOffset now) =>
        stored with
        {
            Records = RecordStates.Of(
                stored.Records.Select(r =>
                    r.TakenOver(r is { Sent: null, IsOwnershipOutdated: false, Unanswered: { } sent } ? sent : now)
                )
            ),
        };

    /// <summary>
    /// Persists all changes before this call. Concurrent calls share a save. When only times are newer, the snapshot is
    /// persisted rarely: see <see cref="IStatePersistence.IsPersisted"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the save.</param>
    /// <param name="withTimes">Whether newer times are persisted in any case.</param>
    /// <inheritdoc cref="IStatePersistence.SaveAsync" path="/returns"/>
    public Task<bool> SaveAsync(CancellationToken cancellationToken, bool withTimes = false) =>
        _saves.SaveAsync(withTimes, cancellationToken);

    /// <inheritdoc cref="IStatePersistence.IsUnstored"/>
    public bool IsUnstored(Dns.RecordId id) => _persistence.IsUnstored(id);

    private Task<bool> PersistAsync(Snapshot snapshot, bool withTimes, CancellationToken cancellationToken) =>
        !withTimes && _persistence.IsPersisted(snapshot)
            ? Task.FromResult(true)
            : _persistence.SaveAsync(snapshot, cancellationToken);

    /// <summary>Completes when the snapshot is replaced after this call.</summary>
    public Task NextChange()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>Returns the newest snapshot, then each newer one. A slow reader misses snapshots in between.</summary>
    public async IAsyncEnumerable<Snapshot> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            Snapshot current;
            lock (_gate)
                (current, changed) = (Current, _changed.Task);
            yield return current;
            await changed.WaitAsync(cancellationToken);
        }
    }
}
