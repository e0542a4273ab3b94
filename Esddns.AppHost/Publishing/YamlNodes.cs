using YamlDotNet.RepresentationModel;

namespace Esddns.AppHost.Chart;

/// <summary>Shorter access to YAML.</summary>
internal static class YamlNodes
{
    /// <summary>The member with this key, or null.</summary>
    public static YamlNode? Get(this YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(key, out var value) ? value : null;

    /// <summary>The mapping with this key, or null.</summary>
    public static YamlMappingNode? Map(this YamlNode node, string key) => node.Get(key) as YamlMappingNode;

    /// <summary>The text with this key, or null.</summary>
    public static string? Text(this YamlNode node, string key) => (node.Get(key) as YamlScalarNode)?.Value;

    /// <summary>The items of the list with this key; none when there is no such list.</summary>
    public static IEnumerable<YamlNode> List(this YamlNode node, string key) =>
        node.Get(key) as YamlSequenceNode ?? Enumerable.Empty<YamlNode>();

    /// <summary>Sets the text with this key.</summary>
    public static void Set(this YamlMappingNode map, string key, string value) => map.Children[key] = value;

    /// <summary>Removes the member with this key and returns its text, or null.</summary>
    public static string? Take(this YamlMappingNode map, string key)
    {
        var text = map.Text(key);
        map.Children.Remove(key);
        return text;
    }
}
