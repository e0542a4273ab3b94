using Esddns.Operator.State;
using Esddns.Tests.Support;

namespace Esddns.Tests.State;

/// <summary>Concurrent saves share one, and an older snapshot never replaces a newer one.</summary>
public sealed class SaveQueueTests : IDisposable
{
    private readonly SlowKeeper _keeper = new();
    private readonly StateStore _store;

    public SaveQueueTests() => _store = new StateStore(_keeper, TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task CallersDuringASave_ShareTheNextOne_WithTheNewestSnapshot()
    {
        var first = SaveAsync(1, Cancel);
        await _keeper.BegunAsync(1);
        Task<bool>[] others = [SaveAsync(2, Cancel), SaveAsync(3, Cancel), SaveAsync(4, Cancel)];
        // This change has no caller, so that it may wait.
        _store.Update(s => s with { Round = 5 });
        _keeper.Release();
        Assert.True(await first);
        _keeper.Release();
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal([1, 4], _keeper.Saved.Select(s => s.Round));
    }

    [Fact]
    public async Task ParallelCallers_EachFindTheirChangeSaved()
    {
        _keeper.Release(1000);
        await Parallel.ForAsync(
            0,
            100,
            Cancel,
            async (_, cancel) =>
            {
                var own = _store.Update(s => s with { Round = s.Round + 1 }).Round;
                Assert.True(await _store.SaveAsync(cancel));
                Assert.True(_keeper.Saved.Max(s => s.Round) >= own);
            }
        );
        var rounds = _keeper.Saved.Select(s => s.Round).ToArray();
        Assert.Equal(rounds.Order(), rounds);
        Assert.Equal(0, _keeper.Overlaps);
    }

    [Fact]
    public async Task FailedSave_FailsItsCallersOnly()
    {
        var first = SaveAsync(1, Cancel);
        await _keeper.BegunAsync(1);
        var second = SaveAsync(2, Cancel);
        _keeper.Fault = new InvalidOperationException("broken");
        _keeper.Release();
        Assert.Same(_keeper.Fault, await Assert.ThrowsAsync<InvalidOperationException>(() => first));
        _keeper.Fault = null;
        _keeper.Release();
        Assert.True(await second);
    }

    [Fact]
    public async Task CancelledCaller_DoesNotCancelTheOthers()
    {
        using var cancelled = new CancellationTokenSource();
        var first = SaveAsync(1, cancelled.Token);
        await _keeper.BegunAsync(1);
        var (leaves, stays) = (SaveAsync(2, cancelled.Token), SaveAsync(3, Cancel));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _keeper.Release();
        Assert.True(await stays);
        Assert.True(await leaves);
        Assert.Equal([3], _keeper.Saved.Select(s => s.Round));
    }

    [Fact]
    public async Task AbandonedSave_IsNotShared()
    {
        using var cancelled = new CancellationTokenSource();
        var first = SaveAsync(1, Cancel);
        await _keeper.BegunAsync(1);
        var abandoned = SaveAsync(2, cancelled.Token);
        await cancelled.CancelAsync();
        var later = SaveAsync(3, Cancel);
        _keeper.Release(2);
        Assert.True(await first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.True(await later);
        Assert.Equal([1, 3], _keeper.Saved.Select(s => s.Round));
    }

    private Task<bool> SaveAsync(long round, CancellationToken cancellationToken)
    {
        _store.Update(s => s with { Round = round });
        return _store.SaveAsync(cancellationToken);
    }

    /// <summary>Saves only when the test allows it.</summary>
    private sealed class SlowKeeper : IStatePersistence, IDisposable
    {
        private readonly SemaphoreSlim _allowed = new(0);
        private readonly List<Snapshot> _saved = [];
        private int _begun;
        private int _running;

        public string? Problem => null;

        public Exception? Fault { get; set; }

        public int Overlaps { get; private set; }

        public Snapshot[] Saved
        {
            get
            {
                lock (_saved)
                    return [.. _saved];
            }
        }

        public void Release(int saves = 1) => _allowed.Release(saves);

        public Task BegunAsync(int saves) => Eventually.IsTrueAsync(() => Volatile.Read(ref _begun) >= saves);

        public void Dispose() => _allowed.Dispose();

        public Snapshot Load() => Snapshot.Empty;

        public async Task<bool> SaveAsync(Snapshot snapshot, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _running) > 1)
                Overlaps++;
            try
            {
                Interlocked.Increment(ref _begun);
                await _allowed.WaitAsync(cancellationToken);
                if (Fault is not null)
                    throw Fault;
                lock (_saved)
                    _saved.Add(snapshot);
                return true;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
