using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Records;

namespace Esddns.Tests.Kubernetes;

/// <summary>The record in the ConfigMap: a mistake names the key and the correction, and publishes nothing.</summary>
public sealed class ConfigMapRecordTests
{
    [Theory]
    [InlineData("home", "home.example.com")]
    [InlineData("@", "example.com")]
    [InlineData("*.lab", "*.lab.example.com")]
    [InlineData("example", "example.example.com")]
    [InlineData("myexample.com", "myexample.com.example.com")]
    public void ValidName_IsRelativeToTheZone(string name, string fqdn) =>
        Assert.Equal(fqdn, Read("example.com", name).Record?.Fqdn.ToString());

    [Theory]
    [InlineData(
        "example.com",
        "home.example.com",
        "record-name: 'home.example.com' ends with the zone example.com; write"
    )]
    [InlineData(
        "Example.com.",
        "*.HOME.example.com",
        "record-name: '*.home.example.com' ends with the zone example.com; "
    )]
    [InlineData("example.com", "example.com", "record-name: 'example.com' ends with the zone example.com; write only")]
    [InlineData("example.com", "a b", "record-name: 'a b' is not an owner name relative to its zone")]
    [InlineData("-", "home", "target-domain: '-' is not")]
    public void WrongName_IsAMistake(string zone, string name, string mistake)
    {
        var read = Read(zone, name);
        Assert.Null(read.Record);
        Assert.StartsWith(mistake, read.Mistake, StringComparison.Ordinal);
    }

    private static (Operator.Reconcile.Desired.DesiredRecord? Record, string? Mistake) Read(string zone, string name) =>
        ConfigMapRecord.Read(
            new ConfigMap
            {
                Metadata = new() { Namespace = "esddns-system", Name = "esddns-config" },
                Data = new Dictionary<string, string> { ["target-domain"] = zone, ["record-name"] = name },
            },
            new TtlRange(300, 2592000)
        );
}
