using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Esddns.AppHost.Chart;

/// <summary>The values of the chart for people: values.yaml and the table of the README.</summary>
internal static class ChartValuesText
{
    private const int Width = 100;

    /// <summary>JSON as people write it.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions s_line = new(Options) { WriteIndented = false };

    /// <summary>values.yaml: each value with its description and default.</summary>
    public static string Yaml(JsonObject schema)
    {
        var text = new StringBuilder();
        Section(text, schema, 0);
        return text.ToString();
    }

    /// <summary>A table in Markdown.</summary>
    public static string Table(JsonObject schema) =>
        "| value | default | meaning |\n|---|---|---|\n" + Rows(schema, "");

    private static void Section(StringBuilder text, JsonObject section, int indent)
    {
        foreach (var (name, child) in (JsonObject)section["properties"]!)
        {
            var property = (JsonObject)child!;
            if (indent == 0)
                text.Append('\n');
            foreach (var line in Lines(property["description"]!.GetValue<string>(), Width - indent))
                text.Append(' ', indent).Append("# ").Append(line).Append('\n');
            text.Append(' ', indent).Append(name).Append(':');
            if (ChartValues.IsValue(property))
            {
                Value(text, property["default"]!, indent + 2);
                continue;
            }
            text.Append('\n');
            Section(text, property, indent + 2);
        }
    }

    /// <summary>A value after its key: block style, except for scalars and what is empty.</summary>
    private static void Value(StringBuilder text, JsonNode value, int indent)
    {
        if (value is JsonObject { Count: > 0 } map)
        {
            text.Append('\n');
            foreach (var (name, child) in map)
                Value(text.Append(' ', indent).Append(name).Append(':'), child!, indent + 2);
        }
        else if (value is JsonArray { Count: > 0 } list)
        {
            text.Append('\n');
            // JSON is YAML: an item is one line.
            foreach (var item in list)
                text.Append(' ', indent).Append("- ").Append(item!.ToJsonString(s_line)).Append('\n');
        }
        else
            text.Append(' ').Append(value.ToJsonString(s_line)).Append('\n');
    }

    private static string Rows(JsonObject section, string prefix)
    {
        var text = new StringBuilder();
        foreach (var (name, child) in (JsonObject)section["properties"]!)
        {
            var property = (JsonObject)child!;
            var path = prefix + name;
            text.Append(ChartValues.IsValue(property) ? Row(property, path) : Rows(property, path + "."));
        }
        return text.ToString();
    }

    private static string Row(JsonObject property, string path)
    {
        var value = property["default"]!.ToJsonString(s_line);
        return $"| `{path}` | `{value}` | {property["description"]}{Limits(property)} |\n";
    }

    private static string Limits(JsonObject property)
    {
        if (property["enum"] is JsonArray names)
            return " " + string.Join(", ", names.Select(n => $"`{n}`"));
        return property["minimum"] is { } low ? $" {low} to {property["maximum"]}" : "";
    }

    private static IEnumerable<string> Lines(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length >= width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }
}
