using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Kubernetes;

/// <summary>
/// Two installations in one cluster, one for all namespaces and one for its own: an object belongs to one of them. The
/// test has its own API server, because the first one uses all namespaces.
/// </summary>
public sealed class TwoInstallationsTests : IAsyncLifetime
{
    private const string Wan = "{zone: example.com, name: NAME, addressFrom: {wan: {}}}";
    private readonly KubeApi _api = new();
    private KubeNamespace _everywhere = null!,
        _trial = null!;

    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _everywhere = await _api.NamespaceAsync();
        _trial = await _api.NamespaceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task ExcludedNamespace_IsLeftToTheOther()
    {
        await using var first = await StartAsync(
            _everywhere,
            settings =>
            {
                settings.Remove("Esddns:Kubernetes:WatchNamespace");
                settings["Esddns:Kubernetes:ExcludedNamespaces"] = $"other,{_trial.Name}";
            }
        );
        await _trial.RecordAsync("trial", Wan.Replace("NAME", "trial", StringComparison.Ordinal));
        await _everywhere.RecordAsync("app", Wan.Replace("NAME", "app", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(async () => await _everywhere.ConditionAsync("app", "Ready") == "True InSync");
        Assert.Equal("", await _trial.ConditionAsync("trial", "Ready"));
        Assert.Null(_simulator.LiveDns.Values("example.com", "trial", "A"));

        await using var second = await StartAsync(_trial);
        await Eventually.IsTrueAsync(async () => await _trial.ConditionAsync("trial", "Ready") == "True InSync");
        Assert.Equal(["trial.example.com"], second.Snapshot.Records.Select(r => $"{r.Fqdn}"));
        Assert.Equal(["app.example.com"], first.Snapshot.Records.Select(r => $"{r.Fqdn}"));
    }

    private Task<OperatorRun> StartAsync(
        KubeNamespace installation,
        Action<Dictionary<string, string?>>? more = null
    ) => KubeNamespace.StartAsync(_simulator, installation.WithoutRecord("pod", more: more));
}
