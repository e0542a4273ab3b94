using Aspire.Hosting.Kubernetes.Resources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Esddns.AppHost.Chart;

/// <summary>An object of Kubernetes whose fields can be expressions of Helm.</summary>
internal sealed class ChartTemplate : BaseKubernetesResource, IYamlConvertible
{
    /// <summary>The namespace of the manifests, in place of which the chart has that of the release.</summary>
    private const string Namespace = "esddns-system";

    private readonly YamlMappingNode _object;

    /// <param name="object">The object, with the annotations of eng/chart/values/kustomization.yaml.</param>
    public ChartTemplate(YamlMappingNode @object)
        : base(@object.Text("apiVersion")!, @object.Text("kind")!)
    {
        _object = @object;
        var metadata = @object.Map("metadata")!;
        var annotations = metadata.Map("annotations");
        var name = metadata.Text("name")!;
        Resource = metadata.Map("labels")?.Text("app.kubernetes.io/component") ?? "operator";
        // Aspire names the file after this name, without the name of the resource.
        Metadata.Name = $"{@object.Text("kind")!.ToLowerInvariant()}-{name.Split(':')[0]}";
        Condition = annotations?.Take("chart/if");
        if (annotations?.Take("chart/kind") is { } kind)
            @object.Set("kind", kind);
        if (annotations?.Take("chart/name") is { } expression)
            metadata.Set("name", expression);
        if (annotations?.Children.Count == 0)
            metadata.Take("annotations");
        SetLabels(metadata.Map("labels")!);
        @object.Accept(new Expressions());
    }

    /// <summary>The resource of the application to which the object belongs.</summary>
    public string Resource { get; }

    /// <summary>The condition under which the object exists, as an expression; null: always.</summary>
    public string? Condition { get; }

    /// <summary>The file that Aspire writes, in the folder of the chart.</summary>
    public string File => Path.Combine("templates", Resource, $"{Metadata.Name}.yaml");

    /// <summary>The names of the environment variables.</summary>
    public IEnumerable<string> Variables =>
        _object
            .AllNodes.OfType<YamlMappingNode>()
            .SelectMany(n => n.List("env"))
            .Select(e => e.Text("name"))
            .OfType<string>();

    void IYamlConvertible.Read(IParser parser, Type expectedType, ObjectDeserializer nestedObjectDeserializer) =>
        throw new NotSupportedException();

    void IYamlConvertible.Write(IEmitter emitter, ObjectSerializer nestedObjectSerializer) =>
        ((IYamlConvertible)_object).Write(emitter, nestedObjectSerializer);

    /// <summary>Labels of Helm, on objects only: on pods, a new chart would restart them.</summary>
    private static void SetLabels(YamlMappingNode labels)
    {
        labels.Set("app.kubernetes.io/version", "{{ .Chart.AppVersion | replace \"+\" \"_\" | quote }}");
        labels.Set("app.kubernetes.io/managed-by", "{{ .Release.Service }}");
        labels.Set("helm.sh/chart", """{{ include "esddns.chart" . }}""");
    }

    /// <summary>Keeps expressions as they are: without quotes, which would make text of them.</summary>
    private sealed class Expressions : YamlVisitorBase
    {
        public override void Visit(YamlScalarNode scalar)
        {
            scalar.Value = scalar.Value switch
            {
                Namespace => "{{ .Release.Namespace | quote }}",
                { } text => text.Replace(Namespace, "{{ .Release.Namespace }}", StringComparison.Ordinal),
                null => null,
            };
            if (scalar.Value?.StartsWith("{{", StringComparison.Ordinal) == true)
                scalar.Style = ScalarStyle.ForcePlain;
        }
    }
}
