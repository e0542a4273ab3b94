using System.Runtime.CompilerServices;

namespace Esddns.Operator.State;

/// <summary>Holds the newest snapshot: one writer, any number of readers and followers.</summary>
internal sealed class StateStore
{
    private readonly Lock _gate = new();
    private readonly IStateKeeper _keeper;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts from what was kept.</summary>
    public StateStore(IStateKeeper keeper, TimeProvider time)
    {
        _keeper = keeper;
        Current = TakenOver(Doubted(keeper.Load()), time.GetUtcNow());
    }

    /// <summary>The newest snapshot.</summary>
    public Snapshot Current { get; private set; }

    /// <summary>Makes the next snapshot from the newest one and tells the followers.</summary>
    public Snapshot Update(Func<Snapshot, Snapshot> next)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Current = next(Current);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return Current;
    }

    /// <summary>What was kept, with each record knowing when what is ours may be more than that.</summary>
    private static Snapshot Doubted(Snapshot kept) =>
        !kept.IsOutdated
            ? kept
            : kept with
            {
                IsOutdated = false,
                Records = RecordStates.Of(kept.Records.Select(r => r with { IsOwnershipOutdated = true })),
            };

    /// <summary>Each record as a new process takes it over; its times are from the same clock.</summary>
    private static Snapshot TakenOver(Snapshot kept, DateTimeOffset now) =>
        kept with
        {
            Records = RecordStates.Of(
                kept.Records.Select(r =>
                    r.TakenOver(r is { Sent: null, IsOwnershipOutdated: false, Unanswered: { } sent } ? sent : now)
                )
            ),
        };

    /// <inheritdoc cref="IStateKeeper.KeepAsync"/>
    public Task<bool> KeepAsync(CancellationToken cancellationToken) => _keeper.KeepAsync(Current, cancellationToken);

    /// <inheritdoc cref="IStateKeeper.HasNoRoomFor"/>
    public bool HasNoRoomFor(Dns.RecordId id) => _keeper.HasNoRoomFor(id);

    /// <summary>Done when there is a newer snapshot than at this call.</summary>
    public Task NextChange()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>The newest snapshot, then each newer one; a slow follower misses those in between.</summary>
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
