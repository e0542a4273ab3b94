using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Crd;

namespace Esddns.Tests.Kubernetes;

/// <summary>Invalid specs that a server without CEL, or with an older schema, accepts.</summary>
public sealed class SpecRulesTests
{
    private static readonly string s_long = string.Join('.', Enumerable.Repeat(new string('a', 63), 3));

    [Theory]
    [InlineData("""{"zone": "example.com", "name": "LONG", "addressFrom": {"wan": {}}, "x": "LONG"}""", null)]
    [InlineData(
        """{"zone": "b.LONG", "name": "LONG", "addressFrom": {"wan": {}}}""",
        "spec.name: with the zone it is longer than 253"
    )]
    [InlineData(
        """{"zone": "example.com", "name": "*.vpn.Example.com", "addressFrom": {"wan": {}}}""",
        "spec.name: '*.vpn.example.com' ends with the zone example.com; write only the part before it"
    )]
    [InlineData(
        """{"zone": "example.com", "types": ["A", "A"], "addressFrom": {"wan": {}}}""",
        "spec.types: A is named twice"
    )]
    [InlineData(
        """{"zone": "example.com", "types": ["MX"], "addressFrom": {"wan": {}}}""",
        "'MX' is not one of A, AAAA"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"service": {"name": "Not A Name!"}}}""",
        "spec.addressFrom.service.name: 'Not A Name!'"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"service": {"name": "1st"}}}""",
        "spec.addressFrom.service.name: '1st'"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"service": {"name": "web\n"}}}""",
        "spec.addressFrom.service.name"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"wan": {}}, "credentialsSecretRef": {"name": "../../x,metadata.name!=y"}}
            """,
        "spec.credentialsSecretRef.name"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"wan": {}}, "credentialsSecretRef": {"name": "x#y"}}""",
        "spec.credentialsSecretRef.name"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"wan": {}}, "credentialsSecretRef": {"name": "x", "key": "a/b"}}""",
        "spec.credentialsSecretRef.key"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"wan": {"nodeSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}}}
            """,
        "In needs values"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"nodes": {"selector": {"matchExpressions": [
                {"key": "a", "operator": "NotIn", "values": []}]}}}}
            """,
        "NotIn needs values"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"nodes": {"selector": {"matchExpressions": [
                {"key": "a", "operator": "Exists", "values": ["b"]}]}}}}
            """,
        "Exists takes no values"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"nodes": {"selector": {"matchExpressions": [
                {"key": "a", "operator": "Like", "values": ["b"]}]}}}}
            """,
        "'Like' is not one of In"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"nodes": {"selector": {"matchExpressions": [null]}}}}""",
        "a condition is empty"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"nodes": {"selector": {"matchExpressions": [{"operator": "Exists"}]}}}}
            """,
        "is not the name of a label"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"nodes": {"selector": {"matchLabels": {"a b": "c"}}}}}""",
        "'a b' is not the name of a label"
    )]
    [InlineData(
        """{"zone": "example.com", "addressFrom": {"nodes": {"selector": {"matchLabels": {"a": "LONG"}}}}}""",
        "is not the value of a label"
    )]
    [InlineData(
        """
            {"zone": "example.com",
             "addressFrom": {"nodes": {"selector": {"matchLabels": {"kubernetes.io/hostname": "node-1"}}}}}
            """,
        null
    )]
    [InlineData("""{"zone": "example.com", "policy": "Force", "addressFrom": {"wan": {}}}""", "spec.policy: 'Force'")]
    [InlineData("""{"zone": "example.com"}""", "exactly one of wan, nodes and service")]
    public void Spec_IsAcceptedOrRefusedWithReason(string json, string? mistake)
    {
        var spec = Spec(json.Replace("LONG", s_long, StringComparison.Ordinal));
        var (read, why) = new SpecRules(TtlRange.Any, new NamedProviders()).Read(spec);
        if (mistake is null)
            Assert.NotNull(read);
        else
            Assert.Contains(mistake, why, StringComparison.Ordinal);
    }

    [Fact]
    public void SelectorSize_IsBounded()
    {
        var labels = string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"a{i}\": \"b\""));
        var spec = Spec(
            $$"""{"zone": "example.com", "addressFrom": {"nodes": {"selector": {"matchLabels": { {{labels}} } } } } }"""
        );
        Assert.Contains(
            "at most 64",
            new SpecRules(TtlRange.Any, new NamedProviders()).Read(spec).Mistake,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OwnCredentials_NotSupportedByProvider_AreRefused()
    {
        var spec = Spec(
            """{"zone": "example.com", "addressFrom": {"wan": {}}, "credentialsSecretRef": {"name": "mine"}}"""
        );
        Assert.Contains(
            "supports only the operator's own credentials",
            new SpecRules(TtlRange.Any, new SingleProvider(null!)).Read(spec).Mistake,
            StringComparison.Ordinal
        );
    }

    private static DynamicRecordSpec? Spec(string json) =>
        JsonSerializer.Deserialize(json, ObjectJson.Default.DynamicRecordSpec);

    private sealed class NamedProviders : IDnsProviders
    {
        public bool HasNamed => true;

        public IDnsProvider With(string? credentials) => throw new NotSupportedException();
    }
}
