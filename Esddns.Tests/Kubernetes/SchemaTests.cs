using System.Text.Json;
using System.Text.Json.Nodes;
using Esddns.Tests.Support;
using k8s;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Valid and invalid objects under the schema of DynamicRecord. The API server checks the OpenAPI part. It is too old
/// for CEL, so another implementation evaluates the CEL rules (<c>eng/cel</c>).
/// </summary>
public sealed class SchemaTests(KubeApi api) : IAsyncLifetime
{
    private const string Wan = "addressFrom: {wan: {}}";
    private static readonly string s_cel = Path.Combine(Repository.Root, "eng", "cel");
    private KubeNamespace _namespace = null!;

    /// <summary>Examples that are valid under both parts.</summary>
    public static TheoryData<string> Accepted =>
        new(
            $"{{zone: example.com, {Wan}}}",
            $"{{zone: {Name(253)}, {Wan}}}",
            $"{{zone: example.com., name: '*.a.b', types: [A, AAAA], ttl: 300, {Wan}}}",
            $"{{zone: example.com, name: {Name(253 - 12)}, {Wan}}}",
            $"{{zone: example.com., name: {Name(253 - 12)}, {Wan}}}",
            "{zone: example.com, addressFrom: {service: {name: a-1}}}",
            $"{{zone: example.com, addressFrom: {{service: {{name: a{new string('b', 62)}}}}}}}",
            Secret("name: my.secret-1, key: .a_b-C.d"),
            Selector("{matchLabels: {topology.kubernetes.io/zone: a}}"),
            Selector("{matchExpressions: [{key: a, operator: In, values: [b, c_d.e]}, {key: c/d, operator: Exists}]}"),
            Selector("{matchExpressions: [{key: a, operator: Exists, values: []}]}"),
            Selector("{matchExpressions: [{key: b, operator: NotIn, values: [c]}]}"),
            Selector("{}"),
            "{zone: example.com, addressFrom: {wan: {policy: All}}}",
            WanSelector("{matchLabels: {a: b}}")
        );

    /// <summary>Examples that the API server rejects by OpenAPI, with a part of its message.</summary>
    public static TheoryData<string, string> RefusedByOpenApi =>
        new()
        {
            { $"{{zone: {Name(254)}, {Wan}}}", "spec.zone" },
            { $"{{zone: example.com, name: {Name(254)}, {Wan}}}", "spec.name" },
            { $"{{zone: example.com, name: '@@', {Wan}}}", "spec.name" },
            { $"{{zone: example.com, types: [A, A], {Wan}}}", "Duplicate value" },
            { $"{{zone: example.com, types: [], {Wan}}}", "spec.types" },
            { $"{{zone: example.com, types: [A, AAAA, A], {Wan}}}", "spec.types" },
            { "{zone: example.com, addressFrom: {service: {name: 'Not A Name!'}}}", "spec.addressFrom.service.name" },
            { "{zone: example.com, addressFrom: {service: {name: 1a}}}", "spec.addressFrom.service.name" },
            { "{zone: example.com, addressFrom: {service: {name: a.b}}}", "spec.addressFrom.service.name" },
            { $"{{zone: example.com, addressFrom: {{service: {{name: {new string('a', 64)}}}}}}}", "service.name" },
            { Secret("name: '../../x,metadata.name!=y'"), "credentialsSecretRef.name" },
            { Secret("name: Upper"), "credentialsSecretRef.name" },
            { Secret($"name: {Name(254)}"), "credentialsSecretRef.name" },
            { Secret("name: a, key: ''"), "credentialsSecretRef.key" },
            { Secret("name: a, key: a/b"), "credentialsSecretRef.key" },
            { Secret("name: a, key: .."), "credentialsSecretRef.key" },
            { Selector($"{{matchLabels: {{{Many(17, i => $"k{i}: v")}}}}}"), "matchLabels" },
            { Selector($"{{matchLabels: {{a: {new string('v', 64)}}}}}"), "matchLabels.a" },
            { Selector("{matchLabels: {a: 'b c'}}"), "matchLabels.a" },
            { Selector($"{{matchExpressions: [{Many(17, _ => "{key: k, operator: Exists}")}]}}"), "matchExpressions" },
            { Selector("{matchExpressions: [{key: '', operator: Exists}]}"), "key" },
            { Selector("{matchExpressions: [{key: 'a b', operator: Exists}]}"), "key" },
            { Selector($"{{matchExpressions: [{{key: {new string('k', 64)}, operator: Exists}}]}}"), "key" },
            {
                Selector($"{{matchExpressions: [{{key: a, operator: In, values: [{Many(65, i => $"v{i}")}]}}]}}"),
                "values"
            },
            {
                Selector($"{{matchExpressions: [{{key: a, operator: In, values: [{new string('v', 64)}]}}]}}"),
                "values"
            },
            { Selector("{matchExpressions: [{key: a, operator: In, values: ['-b']}]}"), "values" },
        };

    /// <summary>Examples that a CEL rule rejects, with its whole message.</summary>
    private static (string Spec, string Message)[] RefusedByCel =>
        [
            ("{zone: example.com, addressFrom: {}}", OneOrigin),
            ("{zone: example.com, addressFrom: {wan: {}, nodes: {}}}", OneOrigin),
            ("{zone: example.com, addressFrom: {wan: {policy: All, nodeSelector: {}}}}", OneChoice),
            ($"{{zone: example.com, name: {Name(253 - 11)}, {Wan}}}", TooLong),
            ($"{{zone: example.com., name: {Name(253 - 11)}, {Wan}}}", TooLong),
            ($"{{zone: {Name(253)}, name: a, {Wan}}}", TooLong),
            (Selector("{matchExpressions: [{key: a, operator: In}]}"), Values),
            (
                Selector("{matchExpressions: [{key: b, operator: Exists}, {key: a, operator: NotIn, values: []}]}"),
                Values
            ),
            (Selector("{matchExpressions: [{key: a, operator: Exists, values: [b]}]}"), Values),
            (Selector("{matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}"), Values),
            (WanSelector("{matchExpressions: [{key: a, operator: In}]}"), Values),
            (Selector($"{{matchLabels: {{{new string('k', 318)}: v}}}}"), LongKey),
            (WanSelector($"{{matchLabels: {{{new string('k', 318)}: v}}}}"), LongKey),
        ];

    private static string OneOrigin =>
        "name exactly one of wan, nodes and service; for the WAN address write addressFrom: {wan: {}}";

    private static string OneChoice => "name a policy or a nodeSelector, not both";

    private static string TooLong =>
        "name and zone together are longer than 253 characters, "
        + "which is more than a name in the DNS can have (RFC 1035)";

    private static string Values => "values are needed for In and NotIn, and mean nothing for Exists and DoesNotExist";

    private static string LongKey =>
        "a key has more than 317 characters, which is more than the name of a label can have";

    public async ValueTask InitializeAsync() => _namespace = await api.NamespaceAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task ValidObject_IsAcceptedByTheServer(string spec)
    {
        var (exitCode, output) = await CreateAsync(spec);
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(RefusedByOpenApi))]
    public async Task InvalidObject_IsRefusedByTheServer_NamingTheField(string spec, string field)
    {
        var (exitCode, output) = await CreateAsync(spec);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(field, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cel_RefusesInvalidSpecsWithItsMessage_AndAcceptsTheRest()
    {
        var good = Accepted.Select(a => a.Data.ToString()).ToArray();
        var answers = await CelAsync([.. good, .. RefusedByCel.Select(r => r.Spec)]);
        Assert.All(answers[..good.Length], Assert.Empty);
        Assert.Equal(RefusedByCel.Select(r => r.Message), answers[good.Length..].Select(Assert.Single));
    }

    /// <summary>
    /// Without limits, a server accepts any value that fits into a request, and rejects CEL rules as too expensive.
    /// </summary>
    [Fact]
    public void SpecFields_AreBounded()
    {
        var unbounded = new List<string>();
        Look(Schema()["properties"]!["spec"]!.AsObject(), "spec", unbounded);
        Assert.Empty(unbounded);
    }

    private static void Look(JsonObject schema, string path, List<string> unbounded)
    {
        var isBounded = schema["type"]!.GetValue<string>() switch
        {
            "string" => schema.ContainsKey("enum") || schema.ContainsKey("maxLength"),
            "array" => schema.ContainsKey("maxItems"),
            "integer" => schema.ContainsKey("minimum") && schema.ContainsKey("maximum"),
            "object" => schema.ContainsKey("properties") || schema.ContainsKey("maxProperties"),
            "boolean" => true,
            _ => false,
        };
        if (!isBounded)
            unbounded.Add(path);
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            Look(property!.AsObject(), $"{path}.{name}", unbounded);
        foreach (var inner in new[] { "items", "additionalProperties" })
            if (schema[inner] is JsonObject part)
                Look(part, $"{path}.{inner}", unbounded);
    }

    private static string Selector(string selector) =>
        $"{{zone: example.com, addressFrom: {{nodes: {{selector: {selector}}}}}}}";

    private static string WanSelector(string selector) =>
        $"{{zone: example.com, addressFrom: {{wan: {{nodeSelector: {selector}}}}}}}";

    private static string Secret(string reference) =>
        $"{{zone: example.com, credentialsSecretRef: {{{reference}}}, {Wan}}}";

    private static string Many(int count, Func<int, string> one) =>
        string.Join(", ", Enumerable.Range(0, count).Select(one));

    /// <summary>A name of the given length, with labels of at most 50 characters.</summary>
    private static string Name(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => i % 50 == 49 && i != length - 1 ? '.' : 'a'));

    /// <summary>The schema of the whole object.</summary>
    private static JsonNode Schema()
    {
        var definition = Json(File.ReadAllText(Repository.Manifests("cluster", "dynamicrecords.yaml")));
        return definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
    }

    private static JsonNode Json(string yaml) =>
        JsonNode.Parse(KubernetesJson.Serialize(KubernetesYaml.Deserialize<object>(yaml)))!;

    private static async Task<string[][]> CelAsync(IEnumerable<string> specs)
    {
        var npm = Tool.Require("npm", "npm");
        if (!Directory.Exists(Path.Combine(s_cel, "node_modules")))
        {
            var (failed, why) = await Tool.RunAsync(npm, ["ci", "--no-audit", "--no-fund", "--prefix", s_cel]);
            Assert.True(failed == 0, why);
        }

        var input = new JsonObject
        {
            ["schema"] = Schema()["properties"]!["spec"]!.DeepClone(),
            ["objects"] = new JsonArray([.. specs.Select(Json)]),
        };
        var node = Tool.Require("node", "nodejs");
        var (exitCode, output) = await Tool.RunAsync(node, [Path.Combine(s_cel, "check.mjs")], input.ToJsonString());
        Assert.True(exitCode == 0, output);
        return JsonSerializer.Deserialize<string[][]>(output)!;
    }

    private Task<(int ExitCode, string Output)> CreateAsync(string spec) =>
        api.KubectlAsync(
            $$"""
            apiVersion: esddns.io/v1alpha1
            kind: DynamicRecord
            metadata: {generateName: example-}
            spec: {{spec}}
            """,
            "create",
            "--validate=false",
            "--namespace",
            _namespace.Name,
            "-f",
            "-"
        );
}
