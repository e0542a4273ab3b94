using System.Diagnostics;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Esddns.AppHost.Chart;

/// <summary>The objects of aspirate-output as templates, and the defaults of the values in them.</summary>
internal sealed partial class ChartObjects
{
    private readonly IReadOnlyList<ChartTemplate> _templates;

    private ChartObjects(IReadOnlyList<YamlMappingNode> objects, IReadOnlyList<YamlMappingNode> templates)
    {
        foreach (var template in templates)
            AddDefaults(template, objects.Single(o => IdOf(o) == IdOf(template)));
        _templates = [.. templates.Select(t => new ChartTemplate(t))];
    }

    /// <summary>What the values replace in the manifests, by their path.</summary>
    public Dictionary<string, YamlNode> Defaults { get; } = [];

    /// <summary>Reads the manifests.</summary>
    /// <param name="source">The folder eng/chart.</param>
    public static ChartObjects Read(string source) =>
        new(Render(Path.Combine(source, "objects")), Render(Path.Combine(source, "closed-page")));

    /// <summary>The templates of a resource of the application.</summary>
    public IReadOnlyList<ChartTemplate> Of(string resource) => [.. _templates.Where(t => t.Resource == resource)];

    /// <summary>All templates.</summary>
    public IEnumerable<ChartTemplate> All => _templates;

    private static (string?, string?) IdOf(YamlMappingNode node) =>
        (node.Text("kind"), node.Map("metadata")?.Text("name"));

    private static List<YamlMappingNode> Render(string folder)
    {
        using var kubectl = Process.Start(
            new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true }
        )!;
        var yaml = new YamlStream();
        yaml.Load(kubectl.StandardOutput);
        kubectl.WaitForExit();
        return kubectl.ExitCode == 0
            ? [.. yaml.Documents.Select(d => (YamlMappingNode)d.RootNode)]
            : throw new InvalidOperationException($"kubectl kustomize {folder} failed.");
    }

    /// <summary>
    /// Walks through a template and its object together. A value stands where the object has its default.
    /// </summary>
    private void AddDefaults(YamlNode template, YamlNode original)
    {
        if (template is YamlScalarNode { Value: { } text } && ValuePath().Match(text) is { Success: true } match)
            Defaults.TryAdd(match.Groups[1].Value, original);
        else if (template is YamlMappingNode map)
            foreach (var (key, child) in map.Children)
                if (original.Get(FieldName().Match(key.ToString()).Value) is { } value)
                    AddDefaults(child, value);
        if (template is YamlSequenceNode list && original is YamlSequenceNode items)
            foreach (var (index, child) in list.Index())
                if (Counterpart(child, index, items) is { } value)
                    AddDefaults(child, value);
    }

    /// <summary>The item of the same name, or without a name the item at the same place.</summary>
    private static YamlNode? Counterpart(YamlNode item, int index, YamlSequenceNode items) =>
        item.Text("name") is { } name
            ? items.FirstOrDefault(i => i.Text("name") == name)
            : items.ElementAtOrDefault(index);

    /// <summary>The value of an expression: <c>{{ .Values.web.affinity | toYaml }}</c>.</summary>
    [GeneratedRegex(@"^\{\{ (?:\w+ \(?)?\.Values\.([\w.]+)")]
    private static partial Regex ValuePath();

    /// <summary>The field in a key with a condition: <c>{{ if .Values.x }}field</c>.</summary>
    [GeneratedRegex(@"[^{}]*$")]
    private static partial Regex FieldName();
}
