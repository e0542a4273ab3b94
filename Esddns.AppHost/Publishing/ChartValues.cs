using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Esddns.AppHost.Chart;

/// <summary>
/// The values of the chart: their schema with all defaults. A property with <c>examples</c> or without
/// <c>properties</c> is a value; the others are sections.
/// </summary>
internal sealed class ChartValues
{
    private readonly JsonObject _definitions;
    private readonly Dictionary<string, YamlNode> _defaults;

    /// <param name="schema">The schema. What a reference names replaces it: a reference cannot have a default.</param>
    /// <param name="defaults">Defaults by path. The schema has the others; without any, the default is empty.</param>
    public ChartValues(JsonObject schema, Dictionary<string, YamlNode> defaults)
    {
        _definitions = (JsonObject)schema["definitions"]!;
        _defaults = defaults;
        schema.Remove("definitions");
        Schema = (JsonObject)Resolved(schema)!;
        Complete(Schema, "");
    }

    /// <summary>The schema with all defaults.</summary>
    public JsonObject Schema { get; }

    /// <summary>Whether a property is a value.</summary>
    public static bool IsValue(JsonObject property) =>
        property.ContainsKey("examples") || !property.ContainsKey("properties");

    private JsonNode? Resolved(JsonNode? node)
    {
        if (node is JsonArray items)
            return new JsonArray([.. items.Select(Resolved)]);
        if (node is not JsonObject map)
            return node?.DeepClone();
        if (map["$ref"]?.GetValue<string>() is not { } reference)
            return new JsonObject(map.Select(m => KeyValuePair.Create(m.Key, Resolved(m.Value))));
        var more = (JsonObject)map.DeepClone();
        more.Remove("$ref");
        return Resolved(Merged((JsonObject)_definitions[reference.Split('/')[^1]]!.DeepClone(), more));
    }

    /// <summary>
    /// Adds the defaults of a section, and what it requires: null removes a key, only lists and maps can be missing.
    /// </summary>
    private void Complete(JsonObject section, string prefix)
    {
        var required = new JsonArray();
        foreach (var (name, child) in (JsonObject)section["properties"]!)
        {
            var (property, path) = ((JsonObject)child!, prefix + name);
            if (IsValue(property))
                property["default"] = Default(property, path);
            else
                Complete(property, path + ".");
            if (!IsValue(property) || property["type"]!.GetValue<string>() is not ("array" or "object"))
                required.Add(name);
        }
        if (required.Count > 0)
            section["required"] = required;
    }

    private static JsonObject Merged(JsonObject under, JsonObject over)
    {
        foreach (var (name, value) in over)
            under[name] =
                under[name] is JsonObject existing && value is JsonObject more
                    ? Merged((JsonObject)existing.DeepClone(), more)
                    : value?.DeepClone();
        return under;
    }

    private JsonNode Default(JsonObject property, string path)
    {
        var type = property["type"]!.GetValue<string>();
        var declared = property["default"]?.DeepClone();
        if (_defaults.TryGetValue(path, out var node))
            return declared is null
                ? Json(node, type)
                : throw new InvalidOperationException(
                    $"The manifests have the default of {path}: the schema must not."
                );
        return declared
            ?? type switch
            {
                "string" when !property.ContainsKey("enum") => "",
                "array" => new JsonArray(),
                "object" => new JsonObject(),
                _ => throw new InvalidOperationException(
                    $"{path} has no default, neither in the manifests nor in the schema."
                ),
            };
    }

    private static JsonNode Json(YamlNode node, string? type = null) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(c => KeyValuePair.Create(c.Key.ToString(), (JsonNode?)Json(c.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Select(i => Json(i))]),
            YamlScalarNode { Value: { } text } scalar => (type ?? Guess(scalar)) switch
            {
                "integer" => int.Parse(text, CultureInfo.InvariantCulture),
                "boolean" => bool.Parse(text),
                _ => text,
            },
            _ => throw new InvalidOperationException($"{node} is no default."),
        };

    private static string Guess(YamlScalarNode scalar) =>
        scalar.Style != YamlDotNet.Core.ScalarStyle.Plain ? "string"
        : int.TryParse(scalar.Value, CultureInfo.InvariantCulture, out _) ? "integer"
        : bool.TryParse(scalar.Value, out _) ? "boolean"
        : "string";
}
