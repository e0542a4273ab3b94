using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>Writes the stream that all clients share: an event after each change, else a comment every 15 s.</summary>
internal sealed class EventFeed : BackgroundService
{
    /// <summary>The maximum time between two messages.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly StatusCache _cache;
    private readonly TimeProvider _time;
    private EventMessage _last;

    /// <summary>Creates the stream with the state at this moment.</summary>
    public EventFeed(StatusCache cache, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        (_cache, _time) = (cache, time);
        _last = Message(0, [], cache.Now);
        lifetime.ApplicationStopping.Register(() => Last.Continue(null));
    }

    /// <summary>The last part. A new client continues after it.</summary>
    public EventMessage Last => Volatile.Read(ref _last);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shown = _cache.Now;
        Send(Message(Last.Number + 1, [], shown));
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await IsChangedAsync(shown.Version, stoppingToken))
            {
                var last = Last;
                Send(new EventMessage(last.Number + 1, EventText.Comment, last.Current, last.History));
                continue;
            }

            var next = _cache.Now;
            // The changes of the first status are not new: the operator made them before this service started.
            var changes =
                shown.Status is { } before && next.Status is { } after
                    ? EventText.Changes(next.Version, after.History, EventText.Newest(before.History))
                    : [];
            Send(Message(Last.Number + 1, changes, next));
            shown = next;
        }
    }

    private static EventMessage Message(long number, byte[] changes, CachedStatus cached)
    {
        var current = EventText.Status(cached);
        return new EventMessage(number, [.. changes, .. current], current, cached.Status?.History);
    }

    private void Send(EventMessage next)
    {
        var last = Last;
        Volatile.Write(ref _last, next);
        last.Continue(next);
    }

    /// <summary>Waits for the next version; false at the time of a comment, and when the host stops.</summary>
    private async Task<bool> IsChangedAsync(long version, CancellationToken stoppingToken)
    {
        try
        {
            await _cache.NextAsync(version).WaitAsync(KeepAlive, _time, stoppingToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
