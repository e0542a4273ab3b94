using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Contracts;
using Esddns.Web.Api;
using Esddns.Web.Status;

namespace Esddns.Web.Events;

/// <summary>
/// Writes server-sent events (HTML, section 9.2):
/// <code>
/// id: 17-639156384000000000
/// event: status
/// data: {"version":17,"state":"InSync","stale":false,"round":3,"at":"2026-01-31T12:00:00+00:00"}
/// </code>
/// </summary>
internal static class EventText
{
    /// <summary>A message without content. It shows that the connection works.</summary>
    public static byte[] Comment { get; } = ":\n\n"u8.ToArray();

    /// <summary>The time after which browsers connect again, in milliseconds. It begins each stream.</summary>
    public static ReadOnlyMemory<byte> Beginning { get; } = "retry: 2000\n\n"u8.ToArray();

    /// <summary>The changes after a time, oldest first, one event each.</summary>
    public static byte[] Changes(long version, ChangeStatus[] history, DateTimeOffset after)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var change in history.Where(c => c.At > after).OrderBy(c => c.At))
        {
            var id = EventId.Of(version, change.At);
            Write(text, id, "change", ChangeDocument.Of(change), ApiJson.Default.ChangeDocument);
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>The state. It has no identity before the first status, so that a client keeps the one it has.</summary>
    public static byte[] Status(CachedStatus cached)
    {
        var text = new ArrayBufferWriter<byte>();
        var status = cached.Status;
        var data = new StatusEvent(
            cached.Version,
            cached.State,
            cached.IsStale,
            status?.Round,
            status?.At.ToUniversalTime()
        );
        var id = status is null ? null : EventId.Of(cached.Version, Newest(status.History));
        Write(text, id, "status", data, ApiJson.Default.StatusEvent);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>The time of the newest change; the first of all times if there is none.</summary>
    public static DateTimeOffset Newest(ChangeStatus[] history) =>
        history.Length == 0 ? DateTimeOffset.MinValue : history.Max(c => c.At);

    private static void Write<T>(ArrayBufferWriter<byte> text, string? id, string name, T data, JsonTypeInfo<T> type)
    {
        if (id is not null)
            text.Write(Encoding.ASCII.GetBytes($"id: {id}\n"));
        text.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        text.Write(JsonSerializer.SerializeToUtf8Bytes(data, type));
        text.Write("\n\n"u8);
    }
}
