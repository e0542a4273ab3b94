using Esddns.Operator.Notifications.Queue;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <summary>What cannot be stored is not sent, and nothing is sent twice once it can.</summary>
public sealed class StoreFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);
    private readonly NotificationBench _bench = new();
    private readonly FailingStore _store;
    private Receiver _receiver = null!;

    public StoreFailureTests() => _store = new FailingStore(_bench.File(null));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _bench.Dispose();
    }

    /// <summary>The second one is stored after the event is found, before its message is sent.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task NotStored_IsNotSent(int savesBefore)
    {
        var process = _bench.Process(_store, NotificationBench.Channel("hook", _receiver.Url));
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        _store.FailAfter(savesBefore);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(5));
        Assert.Empty(_receiver.Requests);

        _store.FailAfter(null);
        await NotificationBench.RunAsync(process);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(5));
        Assert.Single(_receiver.Messages);
    }

    [Fact]
    public async Task ResultThatIsNotStored_IsNotSentAgain()
    {
        var process = _bench.Process(_store, NotificationBench.Channel("hook", _receiver.Url));
        await NotificationBench.RunAsync(process);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Change("203.0.113.1", "203.0.113.2");
        await NotificationBench.RunAsync(process);
        // The event is stored; then the message is stored and sent; its result is the next one.
        _store.FailAfter(1);
        await _bench.RunAfterAsync(process, TimeSpan.FromMinutes(5));
        Assert.Single(_receiver.Messages);
        _bench.Time.Advance(TimeSpan.FromHours(1));
        await process.RunOnceAsync(Cancel);

        _store.FailAfter(null);
        await _bench.RunAfterAsync(process, TimeSpan.FromHours(1));
        Assert.Equal(["hook sent"], _bench.Sent);
    }

    /// <summary>Otherwise the process would try all the time.</summary>
    [Fact]
    public async Task NotStored_IsTriedAgainAfterAWait()
    {
        using var process = _bench.Process(_store, NotificationBench.Channel("hook", _receiver.Url));
        _store.FailAfter(0);
        await process.StartAsync(Cancel);
        await Eventually.IsTrueAsync(() => _store.Attempts == 1);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
        _bench.Time.Advance(s_retry - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _store.Attempts);
        await Eventually.IsTrueAsync(() =>
        {
            _bench.Time.Advance(s_retry);
            return _store.Attempts == 2;
        });
        await process.StopAsync(Cancel);
    }

    private sealed class FailingStore(ILedgerStore store) : ILedgerStore
    {
        private int? _savesLeft;

        public int Attempts { get; private set; }

        /// <summary>Each save fails after this many; null: none does.</summary>
        public void FailAfter(int? saves) => _savesLeft = saves;

        public Task<Ledger?> LoadAsync(CancellationToken cancellationToken) => store.LoadAsync(cancellationToken);

        public Task<SaveOutcome> SaveAsync(Ledger ledger, CancellationToken cancellationToken)
        {
            Attempts++;
            if (_savesLeft == 0)
                return Task.FromResult(SaveOutcome.Failed);
            _savesLeft--;
            return store.SaveAsync(ledger, cancellationToken);
        }
    }
}
