using System.Globalization;
using System.Text;
using System.Text.Json;
using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// The text of the events (HTML, section 9.2.6). All clients share it, because it is the same for all that have the
/// same place.
/// <code>
/// id: 2026-01-31T12:00:00.0000000Z
/// event: change
/// data: {"at":"2026-01-31T12:00:00+00:00","fqdn":"home.example.com",…}
///
/// event: status
/// data: {"version":7,"state":"InSync",…}
/// </code>
/// </summary>
internal sealed class EventText
{
    private readonly Lock _gate = new();
    private (long Version, DateTimeOffset? Place, byte[] Text, DateTimeOffset? Next)? _last;

    /// <summary>A message without content.</summary>
    public static ReadOnlyMemory<byte> Comment { get; } = ":\n\n"u8.ToArray();

    /// <summary>The events for a client.</summary>
    /// <param name="cached">The newest status.</param>
    /// <param name="place">The time of the last change that the client has; null for a new client, which gets none of
    /// the past changes.</param>
    /// <returns>The text, and the place of the client after it.</returns>
    public (ReadOnlyMemory<byte> Text, DateTimeOffset? Place) Of(CachedStatus cached, DateTimeOffset? place)
    {
        lock (_gate)
        {
            if (_last is not { } last || last.Version != cached.Version || last.Place != place)
                _last = last = Write(cached, place);
            return (last.Text, last.Next);
        }
    }

    private static (long Version, DateTimeOffset? Place, byte[] Text, DateTimeOffset? Next) Write(
        CachedStatus cached,
        DateTimeOffset? place
    )
    {
        var text = new StringBuilder();
        var history = cached.Status?.History ?? [];
        foreach (var change in history.Reverse().Where(c => place is not null && c.At > place))
            text.Append(CultureInfo.InvariantCulture, $"id: {change.At.UtcDateTime:O}\nevent: change\ndata: ")
                .Append(JsonSerializer.Serialize(DocumentMapping.Of(change), EventJson.Default.ChangeDocument))
                .Append("\n\n");
        var condition = Condition.Of(cached.Status);
        var status = new StatusEvent(
            cached.Version,
            condition.Word,
            condition.Reason,
            cached.IsStale,
            cached.Status?.Round
        );
        text.Append("event: status\ndata: ")
            .Append(JsonSerializer.Serialize(status, EventJson.Default.StatusEvent))
            .Append("\n\n");
        // Without any change so far, later ones are those after the state itself.
        var next = history.Length > 0 ? history.Max(c => c.At) : place ?? cached.Status?.At;
        return (cached.Version, place, Encoding.UTF8.GetBytes(text.ToString()), next);
    }
}
