using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using k8s;

namespace Esddns.Tests.Kubernetes;

/// <summary>An object that an older schema took, or a server without CEL.</summary>
public sealed class SchemaRulesTests
{
    private const string Wan = "addressFrom: {wan: {}}";
    private const string Nodes = "addressFrom: {nodes: {selector: {matchExpressions: ";
    private readonly RecordRules _rules = new(new AddressSources(null!, null!), TtlRange.Any);

    [Theory]
    [InlineData("credentialsSecretRef: {name: '../../x,metadata.name!=y'}, " + Wan, "credentialsSecretRef.name")]
    [InlineData("credentialsSecretRef: {name: \"a\\n\"}, " + Wan, "credentialsSecretRef.name")]
    [InlineData("credentialsSecretRef: {name: a, key: ../b}, " + Wan, "credentialsSecretRef.key")]
    [InlineData("addressFrom: {service: {name: 'Not A Name!'}}", "addressFrom.service.name")]
    [InlineData("addressFrom: {service: {name: 1a}}", "addressFrom.service.name")]
    [InlineData(Nodes + "[{key: a, operator: In}]}}}", "nodes.selector.matchExpressions")]
    [InlineData("addressFrom: {wan: {nodeSelector: {matchExpressions: [{key: a, operator: NotIn}]}}}", "nodeSelector")]
    [InlineData(Nodes + "[{key: a, operator: Exists, values: [b]}]}}}", "matchExpressions")]
    [InlineData(Nodes + "[{key: a, operator: Like}]}}}", "matchExpressions")]
    public async Task OldObject_ThatTheSchemaWouldRefuse_IsAMistake(string spec, string field)
    {
        var record = KubernetesYaml.Deserialize<DynamicRecord>($"spec: {{zone: example.com, {spec}}}");
        var (records, mistake) = await _rules.ReadAsync(record, TestContext.Current.CancellationToken);
        Assert.Null(records);
        Assert.Contains(field, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongNames_AreMistakes()
    {
        var key = new string('k', 318);
        string[] origins = [$"{{service: {{name: {key}}}}}", $"{{nodes: {{selector: {{matchLabels: {{{key}: v}}}}}}}}"];
        foreach (var origin in origins)
        {
            var yaml = $"spec: {{zone: example.com, addressFrom: {origin}}}";
            var record = KubernetesYaml.Deserialize<DynamicRecord>(yaml);
            Assert.NotNull((await _rules.ReadAsync(record, TestContext.Current.CancellationToken)).Mistake);
        }
    }
}
