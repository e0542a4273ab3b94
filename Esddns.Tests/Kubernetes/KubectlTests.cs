using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>The output of kubectl.</summary>
public sealed class KubectlTests(KubeApi api) : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;
    private OperatorRun _operator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
        _operator = await OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord("pod"));
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Programmed") == "True InSync");
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Get_ShowsNameFqdnAddressReadyChangedAge()
    {
        var lines = (await RunAsync("get", "ddr")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["NAME", "FQDN", "ADDRESS", "READY", "CHANGED", "AGE"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        var values = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["app", "app.example.com", "203.0.113.10", "True"], values[..4]);
        Assert.Matches("^[0-9]+[ms]", values[4]);
    }

    [Fact]
    public async Task Describe_ShowsConditionsWithTheirReasons_AndEvents()
    {
        await Eventually.IsTrueAsync(async () =>
            (await RunAsync("describe", "ddr", "app")).Contains(
                "Updated app.example.com A to 203.0.113.10 (was none)",
                StringComparison.Ordinal
            )
        );
        var text = await RunAsync("describe", "ddr", "app");
        foreach (
            var expected in new[]
            {
                "The operator manages the record",
                "The WAN address is 203.0.113.10",
                "app.example.com A is 203.0.113.10",
                "RecordUpdated",
            }
        )
            Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ddr.spec", "Where the addresses come from. Exactly one of wan, nodes and service.")]
    [InlineData("ddr.spec.ttl", "The time to live, in seconds. LiveDNS takes 300 and more.")]
    [InlineData("ddr.spec.addressFrom.wan.policy", "the address that the leader's node finds")]
    [InlineData("ddr.status.conditions", "the DNS provider stores them")]
    public async Task Explain_DescribesEachField(string field, string meaning)
    {
        // The server publishes the schema of a new kind some time after it serves the kind. kubectl wraps lines at any
        // space.
        await Eventually.IsTrueAsync(async () => (await api.KubectlAsync(null, "explain", field)).ExitCode == 0);
        var text = string.Join(
            ' ',
            (await RunAsync("explain", field)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Contains(meaning, text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await api.KubectlAsync(null, ["--namespace", _namespace.Name, .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
