using Esddns.Operator.Dns;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;
using Esddns.Text;

namespace Esddns.Operator.Notifications;

/// <summary>
/// Finds the events in each new state, and sends them. Only the leader does. What it is about to send is stored before,
/// and what it has sent after, so a successor repeats only messages that were on their way.
/// </summary>
internal sealed class Notifier(
    StateStore state,
    EventFinder finder,
    ILedgerStore store,
    Delivery delivery,
    ILeadership leadership,
    TimeProvider time,
    ILogger<Notifier> logger
) : BackgroundService
{
    /// <summary>The shortest time between two passes: a round changes the state many times.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest time between two passes: a record that stays out of sync changes nothing.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a pass that could not store the ledger.</summary>
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing more is due after the last pass.</summary>
    private TimeSpan _wait;

    /// <summary>The ledger as it is stored; null when it must be loaded.</summary>
    private Ledger? _ledger;

    /// <summary>A newer ledger that could not be stored.</summary>
    private Ledger? _unstored;

    /// <summary>Ends with the leadership or the process.</summary>
    private CancellationTokenSource? _term;

    /// <summary>Ends when a message that is on its way has a result, so that another pass is due.</summary>
    public Task NextResult => delivery.NextResult;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var change = state.NextChange();
            var wait = s_retry;
            try
            {
                await RunOnceAsync(stoppingToken);
                wait = _wait;
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // The leadership has ended, and the next pass notices it.
            }
#pragma warning disable CA1031 // A failed pass must not end the others.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                (_ledger, wait) = (null, s_idle);
                logger.QueueNotStored(UntrustedText.Clean(e.Message));
            }

            await Task.Delay(s_pause, time, stoppingToken);
            var retry = Task.Delay(wait, time, stoppingToken);
            // A result that cannot be stored yet must not shorten the wait.
            await Task.WhenAny(change, _unstored is null ? NextResult : retry, retry);
        }
    }

    /// <summary>Stores the results of messages, finds the new events, and sends the messages that are due.</summary>
    /// <returns>Whether messages are on their way.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!leadership.IsLeader || _term is { IsCancellationRequested: true })
            await EndTermAsync();
        if (!leadership.IsLeader)
        {
            delivery.Forget();
            _wait = s_idle;
            return false;
        }

        _wait = s_retry;
        _term ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leadership.LeadershipLost);
        if (!await LoadAsync(_term.Token) || !await CollectAsync(_term.Token) || !await FindAsync(_term.Token))
            return delivery.IsBusy;
        var wait = s_idle;
        var due = delivery.Due(_ledger!, ref wait);
        if (due.Length == 0 || await StartAsync(due, _term.Token))
            _wait = wait;
        return delivery.IsBusy;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _term?.Dispose();
        base.Dispose();
    }

    /// <summary>Ends the messages that are on their way. A successor repeats them.</summary>
    private async Task EndTermAsync()
    {
        (_ledger, _unstored) = (null, null);
        if (_term is null)
            return;
        await _term.CancelAsync();
        await delivery.StopAsync();
        _term.Dispose();
        _term = null;
    }

    /// <summary>Loads the ledger at the begin of a term, or stores what could not be stored before.</summary>
    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (_unstored is { } unstored)
            return await StoreAsync(unstored, cancellationToken);
        _ledger ??= await store.LoadAsync(cancellationToken);
        if (_ledger is null)
            return false;
        _ledger = delivery.Repair(_ledger);
        return true;
    }

    /// <summary>Stores the results of messages.</summary>
    private async Task<bool> CollectAsync(CancellationToken cancellationToken)
    {
        var after = delivery.Collect(_ledger!);
        if (ReferenceEquals(after, _ledger))
            return true;
        _unstored = after;
        return await StoreAsync(after, cancellationToken);
    }

    /// <summary>
    /// Stores the new events. The state is stored first: a successor must know an event that was told, or it would find
    /// it again with another time.
    /// </summary>
    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        var found = finder.Find(state.Current, _ledger!, time.GetUtcNow());
        return ReferenceEquals(found, _ledger)
            || (await state.SaveAsync(cancellationToken) && await StoreAsync(found, cancellationToken));
    }

    private async Task<bool> StartAsync(Outgoing[] due, CancellationToken cancellationToken)
    {
        if (!await StoreAsync(Delivery.Begin(_ledger!, due), cancellationToken))
            return false;
        // The store may have taken long.
        if (!leadership.IsLeader)
            return false;
        delivery.Start(_ledger!, due, cancellationToken);
        return true;
    }

    private async Task<bool> StoreAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var outcome = await store.SaveAsync(ledger, cancellationToken);
        if (outcome == SaveOutcome.Outdated)
            await EndTermAsync();
        if (outcome != SaveOutcome.Saved)
            return false;
        (_ledger, _unstored) = (ledger, null);
        return true;
    }
}
