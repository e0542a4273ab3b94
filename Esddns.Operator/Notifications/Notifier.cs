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
                // The leadership has ended.
                _ledger = null;
            }
#pragma warning disable CA1031 // A failed pass must not end the others.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                (_ledger, wait) = (null, s_idle);
                logger.QueueNotStored(UntrustedText.Clean(e.Message));
            }

            await Task.Delay(s_pause, time, stoppingToken);
            await Task.WhenAny(change, Task.Delay(wait, time, stoppingToken));
        }
    }

    /// <summary>Finds the new events, and sends the messages that are due.</summary>
    /// <returns>Whether messages were sent, so that others may be due now.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!leadership.IsLeader)
        {
            (_ledger, _unstored) = (null, null);
            delivery.Forget();
            _wait = s_idle;
            return false;
        }

        _wait = s_retry;
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leadership.LeadershipLost);
        if (!await LoadAsync(term.Token) || !await FindAsync(term.Token))
            return false;
        var wait = s_idle;
        var due = delivery.Due(_ledger!, ref wait);
        if (due.Length > 0)
        {
            if (!await SendAsync(due, term.Token))
                return false;
            wait = TimeSpan.Zero;
        }

        _wait = wait;
        return due.Length > 0;
    }

    /// <summary>Loads the ledger at the begin of a term, or stores what could not be stored before.</summary>
    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (_unstored is { } unstored)
            return await StoreAsync(unstored, cancellationToken);
        _ledger ??= await store.LoadAsync(cancellationToken);
        return _ledger is not null;
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

    private async Task<bool> SendAsync(Outgoing[] due, CancellationToken cancellationToken)
    {
        if (!await StoreAsync(Delivery.Begin(_ledger!, due), cancellationToken))
            return false;
        // The store may have taken long.
        if (!leadership.IsLeader)
            return false;
        _unstored = await delivery.SendAsync(_ledger!, due, cancellationToken);
        return await StoreAsync(_unstored, cancellationToken);
    }

    private async Task<bool> StoreAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        var outcome = await store.SaveAsync(ledger, cancellationToken);
        if (outcome == SaveOutcome.Outdated)
            (_ledger, _unstored) = (null, null);
        if (outcome != SaveOutcome.Saved)
            return false;
        (_ledger, _unstored) = (ledger, null);
        return true;
    }
}
