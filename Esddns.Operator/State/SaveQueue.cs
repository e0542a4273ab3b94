namespace Esddns.Operator.State;

/// <summary>
/// Lets concurrent callers share a save. One save runs at a time. All callers that arrive in the meantime share the
/// next one, with the newest snapshot of them, so that an older snapshot never replaces a newer one.
/// </summary>
/// <param name="current">Returns the newest snapshot. A later call never returns an older one.</param>
/// <param name="save">Saves a snapshot; its second argument is whether newer times alone are a reason to save.</param>
internal sealed class SaveQueue(Func<Snapshot> current, Func<Snapshot, bool, CancellationToken, Task<bool>> save)
{
    private readonly Lock _gate = new();
    private Task<bool> _last = Task.FromResult(true);
    private SharedSave? _waiting;

    /// <summary>Saves a snapshot that has all changes before this call.</summary>
    /// <param name="withTimes">Whether newer times alone are a reason to save.</param>
    /// <param name="cancellationToken">Cancels the save when all of its callers are cancelled.</param>
    /// <returns>The result of the shared save.</returns>
    public async Task<bool> SaveAsync(bool withTimes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SharedSave shared;
        Task<bool> done;
        lock (_gate)
        {
            if (_waiting is null)
            {
                _waiting = new SharedSave();
                _last = RunAsync(_waiting, _last);
            }

            (shared, done) = (_waiting, _last);
            shared.Callers++;
            shared.WithTimes |= withTimes;
            shared.Snapshot = current();
        }

        await using var leave = cancellationToken.Register(() => Leave(shared));
        return await done;
    }

    private async Task<bool> RunAsync(SharedSave shared, Task before)
    {
        // The caller holds the lock.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_waiting == shared)
                _waiting = null;
        }

        shared.Abandoned.ThrowIfCancellationRequested();
        return await save(shared.Snapshot, shared.WithTimes, shared.Abandoned);
    }

    /// <summary>Cancels the save when this was its last caller. Later callers get another save.</summary>
    private void Leave(SharedSave shared)
    {
        lock (_gate)
        {
            if (--shared.Callers > 0)
                return;
            if (_waiting == shared)
                _waiting = null;
        }

        shared.Cancel();
    }

    /// <summary>One save and its callers.</summary>
    private sealed class SharedSave
    {
        public SharedSave()
        {
            // Without a timer or a parent, it holds nothing that must be disposed.
            var source = new CancellationTokenSource();
            (Abandoned, Cancel) = (source.Token, source.Cancel);
        }

        public int Callers { get; set; }

        public bool WithTimes { get; set; }

        public Snapshot Snapshot { get; set; } = Snapshot.Empty;

        /// <summary>Cancelled when no caller is left.</summary>
        public CancellationToken Abandoned { get; }

        public Action Cancel { get; }
    }
}
