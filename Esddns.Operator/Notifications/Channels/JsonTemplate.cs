using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>
/// JSON with placeholders like <c>{{title}}</c> in its strings. The template is parsed first and then filled, so a
/// value can never add JSON: it is always a part of the string that contains the placeholder.
/// </summary>
internal static class JsonTemplate
{
    /// <summary>The names of the placeholders.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["id", "event", "severity", "priority", "time", "title", "text", "body", "topic"];

    /// <summary>The problem of a template; null when it is valid. It does not repeat the template.</summary>
    public static string? ProblemOf(string template)
    {
        try
        {
            using var document = JsonDocument.Parse(template);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : "is not a JSON object.";
        }
        catch (JsonException)
        {
            return "is not JSON.";
        }
    }

    /// <summary>Fills a valid template.</summary>
    public static ReadOnlyMemory<byte> Fill(string template, Message message, Preset preset, string topic)
    {
        var lines = Fit(message.Lines, preset);
        var title = preset.Escape(message.Title);
        var values = new Dictionary<string, string>
        {
            ["id"] = message.Id,
            ["event"] = message.Kind.ToString(),
            ["severity"] = message.Severity,
            ["priority"] = message.Priority.ToString(CultureInfo.InvariantCulture),
            ["time"] = message.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["title"] = title,
            ["text"] = lines,
            ["body"] = $"{title}\n{lines}",
            ["topic"] = topic,
        };
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var document = JsonDocument.Parse(template);
        using (var writer = new Utf8JsonWriter(bytes))
            Write(writer, document.RootElement, values, message.Priority);
        return bytes.WrittenMemory;
    }

    /// <summary>The escaped lines that fit; a line is never cut within an escape.</summary>
    private static string Fit(IReadOnlyList<string> lines, Preset preset)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var escaped = preset.Escape(line);
            if (text.Length + escaped.Length + 2 > preset.MaxText)
                return text.Append('…').ToString();
            if (text.Length > 0)
                text.Append('\n');
            text.Append(escaped);
        }

        return text.ToString();
    }

    private static void Write(
        Utf8JsonWriter writer,
        JsonElement element,
        Dictionary<string, string> values,
        int priority
    )
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, values, priority);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item, values, priority);
                writer.WriteEndArray();
                break;
            // Gotify and ntfy take a number only.
            case JsonValueKind.String when element.GetString() == "{{priority}}":
                writer.WriteNumberValue(priority);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Replace(element.GetString()!, values));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>Replaces each placeholder once: a value that contains one is not read again.</summary>
    private static string Replace(string text, Dictionary<string, string> values)
    {
        var filled = new StringBuilder();
        while (true)
        {
            var start = text.IndexOf("{{", StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf("}}", start, StringComparison.Ordinal);
            if (end < 0)
                return filled.Append(text).ToString();
            var name = text[(start + 2)..end].Trim();
            filled.Append(text, 0, start);
            filled.Append(values.TryGetValue(name, out var value) ? value : text[start..(end + 2)]);
            text = text[(end + 2)..];
        }
    }
}
