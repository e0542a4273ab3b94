using Esddns.Contracts;
using Esddns.Operator.Dns;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.State;

namespace Esddns.Operator.Notifications.Events;

/// <summary>
/// Finds the events in a snapshot that were not found before. Pure: every leader finds the same events in the same
/// state. Nothing is told of the time before the first ledger.
/// </summary>
internal sealed class EventFinder(NotificationOptions options, IEnumerable<TokenExpiry> tokens)
{
    /// <summary>The ledger with the new events in its queue; the same ledger when there are none.</summary>
    public Ledger Find(Snapshot snapshot, Ledger before, DateTimeOffset now)
    {
        if (before.Kinds != options.Kinds)
            return Begin(snapshot, before, now);
        var found = new List<NotificationEvent>();
        var after = before;
        if (options.Wants(EventKind.NotInSync) || options.Wants(EventKind.Resolved))
            after = OutOfSync.Find(snapshot, after, options.NotInSyncAfter, now, found);
        after = FindLeader(snapshot, FindToken(after, now, found), now, found);
        after = FindMoments(snapshot, after, found);
        return found.Count == 0 ? after : Enqueue(after, found, now);
    }

    /// <summary>Begins with the present state: events of the past are not told.</summary>
    private Ledger Begin(Snapshot snapshot, Ledger before, DateTimeOffset now) =>
        before with
        {
            Kinds = options.Kinds,
            Seen = new SeenEvents(now, []),
            Leader = snapshot.Leader ?? before.Leader,
        };

    private Ledger Enqueue(Ledger ledger, List<NotificationEvent> found, DateTimeOffset now)
    {
        var queue = new List<QueuedEvent>(ledger.Queue);
        foreach (var item in found)
        {
            if (options.ChannelsFor(item.Kind) is not { Length: > 0 } channels)
                continue;
            // The new events in the order of their times, behind the earlier ones.
            var index = queue.Count;
            while (index > ledger.Queue.Length && queue[index - 1].Event.At > item.At)
                index--;
            queue.Insert(index, new QueuedEvent(item, now, channels, []));
        }

        var excess = Math.Max(0, queue.Count - Ledger.MaxQueue);
        for (var i = 0; i < excess; i++)
            foreach (var channel in queue[i].Waiting)
                ledger = ledger.Drop(channel, queue[i].IsSending(channel) ? 0 : 1);
        queue.RemoveRange(0, excess);
        return ledger with { Queue = queue.ToArray() };
    }

    /// <summary>Finds the events of the snapshot that have a time of their own.</summary>
    private Ledger FindMoments(Snapshot snapshot, Ledger ledger, List<NotificationEvent> found)
    {
        var seen = ledger.Seen;
        if (options.Wants(EventKind.AddressChanged))
            foreach (var wan in snapshot.Wan)
                if (wan is { Address: not null, Previous: not null, Since: { } since })
                    Add(EventKind.AddressChanged, $"{wan.Family} {wan.Address} {since:O}", since, wan);
        if (options.Wants(EventKind.RecordCorrected))
        {
            var before = found.Count;
            foreach (var change in snapshot.History)
                Add(EventKind.RecordCorrected, $"{change.Fqdn} {change.Type} {change.At:O}", change.At, change);
            // The history is full of new changes, so it has lost others.
            if (found.Count - before == Snapshot.MaxHistory)
                foreach (var channel in options.ChannelsFor(EventKind.RecordCorrected))
                    ledger = ledger.Drop(channel, 1);
        }

        if (options.Wants(EventKind.ForeignEdit))
            foreach (var record in snapshot.Records)
                if (record.LastDrift is { } drift && drift.At > seen.Floor)
                    Add(EventKind.ForeignEdit, $"{record.Id} {drift.At:O}", drift.At, record);
        return ReferenceEquals(seen, ledger.Seen) ? ledger : ledger with { Seen = seen };

        void Add(EventKind kind, string id, DateTimeOffset at, object source)
        {
            if (ledger.Seen.Contains($"{kind} {id}", at))
                return;
            seen = seen.With($"{kind} {id}", at);
            found.Add(Moment(kind, id, at, source));
        }
    }

    private static NotificationEvent Moment(EventKind kind, string id, DateTimeOffset at, object source) =>
        source switch
        {
            WanState wan => NotificationEvent.Of(
                kind,
                id,
                at,
                $"{wan.Family} address changed to {wan.Address}",
                $"was {wan.Previous}"
            ),
            Change change => NotificationEvent.Of(
                kind,
                id,
                at,
                $"Updated {change.Fqdn} {change.Type} to {change.To}",
                $"was {change.From?.ToString() ?? "none"}, trigger {change.Why}"
            ),
            RecordState { LastDrift: { } drift } record => NotificationEvent.Of(
                kind,
                id,
                at,
                $"{record.Id} was changed by another client",
                $"from {drift.From} to {drift.To}"
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private Ledger FindLeader(Snapshot snapshot, Ledger ledger, DateTimeOffset now, List<NotificationEvent> found)
    {
        if (snapshot.Leader is not { } leader || leader == ledger.Leader)
            return ledger;
        if (ledger.Leader is { } previous && options.Wants(EventKind.LeaderChanged))
            found.Add(
                NotificationEvent.Of(
                    EventKind.LeaderChanged,
                    $"{leader} {now:O}",
                    now,
                    $"{leader} is the leader now",
                    $"was {previous}"
                )
            );
        return ledger with { Leader = leader };
    }

    private Ledger FindToken(Ledger ledger, DateTimeOffset now, List<NotificationEvent> found)
    {
        if (!options.Wants(EventKind.TokenEnds))
            return ledger;
        foreach (var token in tokens)
        {
            if (
                token.StepAt(now) is not { } days
                || $"{token.Expires:O} {days}" is not { } step
                || step == ledger.Token
            )
                continue;
            ledger = ledger with { Token = step };
            var end = StatusText.Utc(token.Expires);
            var title = days switch
            {
                0 => "The token of the DNS provider has ended",
                1 => "The token of the DNS provider ends within a day",
                _ => $"The token of the DNS provider ends within {days} days",
            };
            found.Add(NotificationEvent.Of(EventKind.TokenEnds, step, now, title, $"end {end}; {token.Advice}"));
        }

        return ledger;
    }
}
