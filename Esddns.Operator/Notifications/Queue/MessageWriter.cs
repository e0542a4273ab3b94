using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Esddns.Contracts;
using Esddns.Operator.Notifications.Channels;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>Writes the text of a message about one event or many.</summary>
internal static class MessageWriter
{
    private const int MaxListed = 20;

    /// <summary>A message is late when its first event is older than this. 30 s.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(30);

    /// <summary>Writes the message.</summary>
    /// <param name="outgoing">The events, and the channel.</param>
    /// <param name="ledger">The ledger, with the fault of the channel.</param>
    /// <param name="burstWindow">The wait that is not late.</param>
    /// <param name="now">The present time.</param>
    public static Message Write(Outgoing outgoing, Ledger ledger, TimeSpan burstWindow, DateTimeOffset now)
    {
        var events = outgoing.Events;
        var first = events[0];
        var lead = first.Event;
        var lines = new List<string>();
        if (events.Length == 1)
            lines.Add(first.Event.Detail);
        if (ledger.FaultOf(outgoing.Channel) is not null || now - first.Event.At > s_late + burstWindow)
            lines.Add($"It happened at {At(first)}, sent late because {ReasonOf(outgoing, ledger)}.");
        else if (events.Length == 1)
            lines.Add($"It happened at {At(first)}.");
        if (outgoing.Dropped > 0)
            lines.Add(Text($"Older events were dropped, because too many were waiting: at least {outgoing.Dropped}."));
        for (var i = 0; i < events.Length && events.Length > 1; i++)
        {
            var item = events[i].Event;
            if (RankOf(item.Kind) > RankOf(lead.Kind))
                lead = item;
            if (i < MaxListed)
                lines.Add($"{At(events[i])}: {item.Title} ({item.Detail})");
        }

        if (events.Length > MaxListed)
            lines.Add(Text($"and {events.Length - MaxListed} more events"));
        var title = events.Length == 1 ? lead.Title : Text($"{events.Length} events: {lead.Title}");
        return new Message(IdOf(outgoing), lead.Kind, first.Event.At, title, lines);
    }

    /// <summary>A reader needs to see the most urgent event first.</summary>
    private static int RankOf(Events.EventKind kind) =>
        kind switch
        {
            Events.EventKind.NotInSync => 4,
            Events.EventKind.ForeignEdit or Events.EventKind.TokenEnds => 3,
            Events.EventKind.AddressChanged => 2,
            Events.EventKind.Resolved => 1,
            _ => 0,
        };

    private static string ReasonOf(Outgoing outgoing, Ledger ledger)
    {
        if (ledger.FaultOf(outgoing.Channel) is { } fault)
            return $"this channel failed since {StatusText.Utc(fault.Since)}: {fault.Problem}";
        var first = outgoing.Events[0];
        return first.FoundAt - first.Event.At > s_late
            ? $"the operator found it at {StatusText.Utc(first.FoundAt)}"
            : "the operator did not run, or could not store its queue";
    }

    private static string At(QueuedEvent item) => StatusText.Utc(item.Event.At);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string IdOf(Outgoing outgoing)
    {
        var ids = new StringBuilder(outgoing.Channel);
        foreach (var item in outgoing.Events)
            ids.Append('\n').Append(item.Event.Id);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ids.ToString())))[..32];
    }
}
