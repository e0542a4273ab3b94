using System.Runtime.CompilerServices;

namespace Esddns.Operator.State;

/// <summary>Holds the newest snapshot: one writer, any number of readers and followers.</summary>
internal sealed class StateStore
{
    private readonly Lock _gate = new();
    private readonly StateFile _file;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts from what the file has.</summary>
    public StateStore(StateFile file)
    {
        _file = file;
        Current = file.Load();
    }

    /// <summary>The newest snapshot.</summary>
    public Snapshot Current { get; private set; }

    /// <summary>Makes the next snapshot from the newest one and tells the followers.</summary>
    /// <param name="next">From the newest snapshot to the next.</param>
    /// <param name="keep">Whether it must be on the disk before this returns.</param>
    public Snapshot Update(Func<Snapshot, Snapshot> next, bool keep = false)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Current = next(Current);
            if (keep) _file.Save(Current);
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
        return Current;
    }

    /// <summary>The newest snapshot, then each newer one; a slow follower misses those in between.</summary>
    public async IAsyncEnumerable<Snapshot> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            Snapshot current;
            lock (_gate) (current, changed) = (Current, _changed.Task);
            yield return current;
            await changed.WaitAsync(cancellationToken);
        }
    }
}
