using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>An operator in a namespace of the API server, with DynamicRecord objects.</summary>
public abstract class DynamicRecordScenario(KubeApi api) : IAsyncLifetime
{
    private protected const string Wan = "{zone: example.com, name: app, addressFrom: {wan: {}}}";
    private protected SimulatorHost _simulator = null!;
    private protected KubeNamespace _namespace = null!;
    private protected OperatorRun _operator = null!;

    private protected KubeApi Api => api;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await api.NamespaceAsync();
        _operator = await OperatorRun.StartAsync(
            _simulator,
            _namespace.WithoutRecord("pod", more: s => s["Esddns:Propagation:Interval"] = "1")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task HasValuesAsync(string name, params string[] values) =>
        Eventually.IsTrueAsync(() =>
            _simulator.LiveDns.Values("example.com", name, "A") is { } now && now.Order().SequenceEqual(values.Order())
        );

    private protected async Task DeleteAsync(string name)
    {
        var (exitCode, output) = await api.KubectlAsync(
            null,
            "delete",
            "--wait=false",
            "--namespace",
            _namespace.Name,
            "ddr",
            name
        );
        Assert.True(exitCode == 0, output);
    }
}
