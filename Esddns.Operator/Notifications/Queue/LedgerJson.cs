using System.Text.Json;
using Esddns.Operator.Notifications.Events;

namespace Esddns.Operator.Notifications.Queue;

/// <summary>
/// The JSON of the ledger. It is written by hand, because each generated type of JSON adds 15 kB of native code.
/// </summary>
internal static class LedgerJson
{
    /// <summary>Writes a ledger.</summary>
    public static void Write(Utf8JsonWriter writer, Ledger ledger)
    {
        writer.WriteStartObject();
        writer.WriteString("kinds", ledger.Kinds);
        writer.WriteString("token", ledger.Token);
        writer.WriteString("leader", ledger.Leader);
        writer.WriteStartObject("dropped");
        foreach (var dropped in ledger.Dropped)
            writer.WriteNumber(dropped.Channel, dropped.Count);
        writer.WriteEndObject();
        writer.WriteString("floor", ledger.Seen.Floor);
        writer.WriteStartObject("seen");
        foreach (var seen in ledger.Seen.Entries)
            writer.WriteString(seen.Name, seen.At);
        writer.WriteEndObject();
        writer.WriteStartObject("incidents");
        foreach (var incident in ledger.Incidents)
            writer.WriteString(incident.Name, incident.At);
        writer.WriteEndObject();
        writer.WriteStartArray("faults");
        foreach (var fault in ledger.Faults)
            Write(writer, fault);
        writer.WriteEndArray();
        writer.WriteStartArray("queue");
        foreach (var queued in ledger.Queue)
            Write(writer, queued);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads a ledger. The text may have been edited.</summary>
    /// <exception cref="JsonException">It is not the JSON of a ledger.</exception>
    public static Ledger Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("Not a ledger.", e);
        }
    }

    private static void Write(Utf8JsonWriter writer, ChannelFault fault)
    {
        writer.WriteStartObject();
        writer.WriteString("channel", fault.Channel);
        writer.WriteString("since", fault.Since);
        writer.WriteNumber("failures", fault.Failures);
        writer.WriteString("notBefore", fault.NotBefore);
        writer.WriteString("problem", fault.Problem);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, QueuedEvent queued)
    {
        writer.WriteStartObject();
        writer.WriteString("id", queued.Event.Id);
        writer.WriteNumber("kind", (int)queued.Event.Kind);
        writer.WriteString("at", queued.Event.At);
        writer.WriteString("title", queued.Event.Title);
        writer.WriteString("detail", queued.Event.Detail);
        writer.WriteString("found", queued.FoundAt);
        writer.WriteString("waiting", string.Join(' ', queued.Waiting));
        writer.WriteString("sending", string.Join(' ', queued.Sending));
        writer.WriteEndObject();
    }

    private static Ledger Read(JsonElement root)
    {
        var (seen, incidents) = (new List<TimedName>(), new List<TimedName>());
        foreach (var member in root.GetProperty("seen").EnumerateObject())
            seen.Add(new TimedName(member.Name, member.Value.GetDateTimeOffset()));
        foreach (var member in root.GetProperty("incidents").EnumerateObject())
            incidents.Add(new TimedName(member.Name, member.Value.GetDateTimeOffset()));
        var dropped = new List<ChannelCount>();
        foreach (var member in root.GetProperty("dropped").EnumerateObject())
            dropped.Add(new ChannelCount(member.Name, member.Value.GetInt32()));
        var (faults, queue) = (new List<ChannelFault>(), new List<QueuedEvent>());
        foreach (var item in root.GetProperty("faults").EnumerateArray())
            faults.Add(ReadFault(item));
        foreach (var item in root.GetProperty("queue").EnumerateArray())
            queue.Add(ReadQueued(item));
        return new Ledger
        {
            Kinds = Text(root, "kinds"),
            Token = root.GetProperty("token").GetString(),
            Leader = root.GetProperty("leader").GetString(),
            Dropped = dropped.ToArray(),
            Seen = new SeenEvents(Time(root, "floor"), seen.ToArray()),
            Incidents = incidents.ToArray(),
            Faults = faults.ToArray(),
            Queue = queue.ToArray(),
        };
    }

    private static ChannelFault ReadFault(JsonElement item) =>
        new(
            Text(item, "channel"),
            Time(item, "since"),
            item.GetProperty("failures").GetInt32(),
            Time(item, "notBefore"),
            Text(item, "problem")
        );

    private static QueuedEvent ReadQueued(JsonElement item)
    {
        var kind = (EventKind)item.GetProperty("kind").GetInt32();
        if (kind is < EventKind.AddressChanged or > EventKind.LeaderChanged)
            throw new FormatException();
        var found = new NotificationEvent(
            Text(item, "id"),
            kind,
            Time(item, "at"),
            Text(item, "title"),
            Text(item, "detail")
        );
        return new QueuedEvent(found, Time(item, "found"), Names(item, "waiting"), Names(item, "sending"));
    }

    private static string Text(JsonElement item, string name) =>
        item.GetProperty(name).GetString() ?? throw new FormatException();

    private static DateTimeOffset Time(JsonElement item, string name) => item.GetProperty(name).GetDateTimeOffset();

    /// <summary>The names of channels; a name contains no space.</summary>
    private static string[] Names(JsonElement item, string name) =>
        Text(item, name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
