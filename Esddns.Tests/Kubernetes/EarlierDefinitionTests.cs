using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// The CustomResourceDefinition of an earlier version, without <c>status.records</c> and <c>status.address</c>.
/// The test has its own API server.
/// </summary>
public sealed class EarlierDefinitionTests : IAsyncLifetime
{
    private const string StatusFields = "/spec/versions/0/schema/openAPIV3Schema/properties/status/properties";
    private readonly KubeApi _api = new();
    private KubeNamespace _namespace = null!;
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await _api.NamespaceAsync();
        var (exitCode, output) = await _api.KubectlAsync(
            null,
            "patch",
            "crd",
            "dynamicrecords.esddns.io",
            "--type=json",
            "--patch",
            $$"""
            [
                {"op": "remove", "path": "{{StatusFields}}/records"},
                {"op": "remove", "path": "{{StatusFields}}/address"}
            ]
            """
        );
        Assert.True(exitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task StatusIsWrittenWithoutTheFields_AndTheLogSaysSoOnce()
    {
        var logs = new CountingLogs();
        await using (await StartAsync("first", logs.AddTo))
        {
            foreach (var name in new[] { "one", "two", "three" })
            {
                await _namespace.RecordAsync(name, $"{{zone: example.com, name: {name}, addressFrom: {{wan: {{}}}}}}");
                await Eventually.IsTrueAsync(async () =>
                    await _namespace.ConditionAsync(name, "Ready") == "True InSync"
                );
            }
        }

        Assert.Single(
            logs.Lines,
            l => l.Contains("lacks the fields status.records or status.address", StringComparison.Ordinal)
        );
        var (exitCode, output) = await _api.ApplyClusterAsync();
        Assert.True(exitCode == 0, output);
        await using var second = await StartAsync("second");
        await Eventually.IsTrueAsync(async () =>
            (await _namespace.RecordAsync("one")).Status
                is { Address: "203.0.113.10", Records: [{ Ours: ["203.0.113.10"] }] }
        );
    }

    /// <summary>Neither the ConfigMap nor the status can store the values, so nothing is written.</summary>
    [Fact]
    public async Task WithoutSpaceInTheState_NothingIsWritten()
    {
        await using var run = await StartAsync("pod", s => s.AddSingleton(new StateSizeLimit(1)));
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(async () => await _namespace.ConditionAsync("app", "Ready") == "False StateFull");
        Assert.Empty(_simulator.Requests.Writes);
    }

    private Task<OperatorRun> StartAsync(string pod, Action<IServiceCollection>? services = null) =>
        OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord(pod), services);
}
