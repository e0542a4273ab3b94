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
    /// <summary>The placeholders of a template of a user; that of ntfy also has a topic.</summary>
    private static readonly string[] s_names = ["id", "event", "severity", "priority", "time", "title", "text", "body"];

    /// <summary>The problem of a template; null when it is valid. It does not repeat the template.</summary>
    public static string? ProblemOf(string template)
    {
        try
        {
            using var document = JsonDocument.Parse(template);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ProblemOf(document.RootElement)
                : "is not a JSON object.";
        }
        // The other one is for half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "is not JSON.";
        }
    }

    private static string? ProblemOf(JsonElement element)
    {
        string? problem = null;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                    problem ??= HasPlaceholder(member.Name, _ => true)
                        ? "has a placeholder in the name of a property; they are filled in values only."
                        : ProblemOf(member.Value);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    problem ??= ProblemOf(item);
                break;
            case JsonValueKind.String when HasPlaceholder(element.GetString()!, n => !s_names.Contains(n)):
                var known = string.Join("}}, {{", s_names);
                return $"has an unknown placeholder; known are {{{{{known}}}}}.";
        }

        return problem;
    }

    private static bool HasPlaceholder(string text, Predicate<string> isWanted)
    {
        while (Find(text, out var start, out var end))
        {
            if (isWanted(text[(start + 2)..end].Trim()))
                return true;
            text = text[(end + 2)..];
        }

        return false;
    }

    /// <summary>Finds the first placeholder: where its braces open, and where they close.</summary>
    private static bool Find(string text, out int start, out int end)
    {
        start = text.IndexOf("{{", StringComparison.Ordinal);
        end = start < 0 ? -1 : text.IndexOf("}}", start, StringComparison.Ordinal);
        return end >= 0;
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
        while (Find(text, out var start, out var end))
        {
            var name = text[(start + 2)..end].Trim();
            filled.Append(text, 0, start);
            filled.Append(values.TryGetValue(name, out var value) ? value : text[start..(end + 2)]);
            text = text[(end + 2)..];
        }

        return filled.Append(text).ToString();
    }
}
