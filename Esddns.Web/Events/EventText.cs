using System.Globalization;
using System.Text;
using System.Text.Json;
using Esddns.Contracts;
using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// The text of the events (HTML, section 9.2.6). All clients share it, because it is the same for all that have the
/// same place: the identifier of the last change that they have.
/// <code>
/// id: 2026-01-31T12:00:00.0000000Z home.example.com A
/// event: change
/// data: {"at":"2026-01-31T12:00:00+00:00","fqdn":"home.example.com",…}
///
/// id: 2026-01-31T12:00:00.0000000Z home.example.com A
/// event: status
/// data: {"version":7,"state":"InSync",…}
/// </code>
/// </summary>
internal sealed class EventText
{
    /// <summary>The place of a client that has a state without any change: all later changes follow it.</summary>
    private const string Beginning = "0001-01-01T00:00:00Z";

    private readonly Lock _gate = new();
    private (long Version, string? Place, byte[] Text, string? Next)? _last;

    /// <summary>A message without content.</summary>
    public static ReadOnlyMemory<byte> Comment { get; } = ":\n\n"u8.ToArray();

    /// <summary>The events for a client.</summary>
    /// <param name="cached">The newest status.</param>
    /// <param name="place">The place of the client: the id of an event, or a time; null for a new client, which gets
    /// none of the past changes.</param>
    /// <returns>The text, and the place of the client after it.</returns>
    public (ReadOnlyMemory<byte> Text, string? Place) Of(CachedStatus cached, string? place)
    {
        lock (_gate)
        {
            if (_last is not { } last || last.Version != cached.Version || last.Place != place)
                _last = last = Write(cached, place);
            return (last.Text, last.Next);
        }
    }

    private static (long Version, string? Place, byte[] Text, string? Next) Write(CachedStatus cached, string? place)
    {
        var text = new StringBuilder();
        var next = cached.Status is { } status ? PlaceOf(status.History) : place;
        foreach (var change in place is null ? [] : After(place, cached.Status?.History ?? []).Reverse())
            Append(
                text,
                ChangeQuery.IdOf(change),
                "change",
                JsonSerializer.Serialize(DocumentMapping.Of(change), EventJson.Default.ChangeDocument)
            );
        var condition = Condition.Of(cached.Status);
        var state = new StatusEvent(
            cached.Version,
            condition.Word,
            condition.Reason,
            cached.IsStale,
            cached.Status?.Round
        );
        Append(text, next, "status", JsonSerializer.Serialize(state, EventJson.Default.StatusEvent));
        return (cached.Version, place, Encoding.UTF8.GetBytes(text.ToString()), next);
    }

    private static void Append(StringBuilder text, string? id, string type, string data)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (id is not null)
            text.Append(invariant, $"id: {id}\n");
        text.Append(invariant, $"event: {type}\ndata: {data}\n\n");
    }

    private static string PlaceOf(ChangeStatus[] history) =>
        history.Length > 0 ? ChangeQuery.IdOf(history[0]) : Beginning;

    /// <summary>
    /// The changes before that of a place in a list with the newest first. Their times decide only when the list does
    /// not have that change any more: after a failover, the clock of the new leader may be behind.
    /// </summary>
    private static IEnumerable<ChangeStatus> After(string place, ChangeStatus[] history) =>
        Array.FindIndex(history, c => ChangeQuery.IdOf(c) == place) is var index and >= 0 ? history.Take(index)
        : ChangeQuery.TryTime(place.Split(' ')[0], out var time) ? history.Where(c => c.At > time)
        : [];
}
