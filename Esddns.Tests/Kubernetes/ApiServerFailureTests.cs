using Esddns.Operator.Dns;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Simulator;
using Esddns.Tests.Chaos;
using Esddns.Tests.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Kubernetes;

/// <summary>Restarts and compactions of a separate API server while addresses change.</summary>
[Collection(nameof(ChaosTests))]
public sealed class ApiServerFailureTests : IAsyncLifetime
{
    private const int Changes = 12;
    private readonly KubeApi _api = new();
    private SimulatorHost _simulator = null!;
    private KubeNamespace _namespace = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Node => $"{_namespace.Name}-node";

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _namespace = await _api.NamespaceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task RestartsAndCompaction_NoMissedChangeAndNoSecondWrite()
    {
        await _namespace.NodeAsync(Node, ["ExternalIP=198.51.100.200"]);
        await _namespace.RecordAsync(
            "node",
            $"{{zone: example.com, name: node, addressFrom: {{nodes: {{selector: {{matchLabels: {{test: "
                + $"{_namespace.Name}}}}}}}}}}}"
        );
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await HasValueAsync("198.51.100.200");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var load = LoadAsync(end.Token);
        for (var i = 1; i <= Changes; i++)
        {
            if (i % 4 == 0)
                await _api.RestartAsync();
            if (i % 3 == 0)
                await _api.CompactAsync();
            await _namespace.NodeStatusAsync(Node, [$"ExternalIP=198.51.100.{i}"]);
            await HasValueAsync($"198.51.100.{i}");
        }

        await end.CancelAsync();
        Assert.True(await load > 0, "no unrelated object was changed");
        var bodies = _simulator.Requests.Writes.Select(w => w.Body).ToArray();
        Assert.Equal(Changes + 1, bodies.Length);
        Assert.Equal(bodies.Distinct(), bodies);
    }

    [Fact]
    public async Task ServerGone_PodsAnswerWithStaleState_AndNoneWrites()
    {
        await using var first = await StartAsync("first", s => s["Esddns:CanaryInterval"] = "1");
        await using var second = await StartAsync("second");
        await _namespace.RecordAsync("app", "{zone: example.com, name: app, addressFrom: {wan: {}}}");
        await Eventually.IsTrueAsync(() => first.Snapshot.InSync && second.Snapshot.InSync);
        await _api.DisposeAsync();
        await Eventually.IsTrueAsync(() => first.Snapshot.Stale is not null && second.Snapshot.Stale is not null);
        await Eventually.IsTrueAsync(() => !first.Services.GetRequiredService<ILeadership>().IsLeader);
        var written = _simulator.Requests.Writes.Count;
        _simulator.Wan.IPv4 = System.Net.IPAddress.Parse("203.0.113.77");
        var seen = first.Services.GetRequiredService<LocalObservations>();
        await Eventually.IsTrueAsync(() => seen.Wan.Any(w => Equals(w.Address, _simulator.Wan.IPv4)));
        foreach (var run in new[] { first, second })
        {
            var status = await run.Http.GetStringAsync(new Uri("/status", UriKind.Relative), Cancel);
            Assert.Contains("\"address\": \"203.0.113.10\"", status, StringComparison.Ordinal);
            Assert.Contains("\"stale\": {", status, StringComparison.Ordinal);
        }

        Assert.Equal(written, _simulator.Requests.Writes.Count);
    }

    private Task<OperatorRun> StartAsync(string pod, Action<Dictionary<string, string?>>? more = null) =>
        OperatorRun.StartAsync(_simulator, _namespace.WithoutRecord(pod, more: more));

    private Task HasValueAsync(string value) =>
        Eventually.IsTrueAsync(
            () => _simulator.LiveDns.Values("example.com", "node", "A") is [var now] && now == value,
            value
        );

    /// <summary>Changes unrelated objects, so that the resource version advances.</summary>
    private async Task<int> LoadAsync(CancellationToken cancellationToken)
    {
        var done = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _namespace.Admin.CoreV1.PatchNodeAsync(
                    new V1Patch(
                        new
                        {
                            metadata = new { annotations = new Dictionary<string, string> { ["load"] = $"{done}" } },
                        },
                        V1Patch.PatchType.MergePatch
                    ),
                    Node,
                    cancellationToken: cancellationToken
                );
                done++;
            }
            catch (Exception e)
                when (e
                        is IOException
                            or HttpRequestException
                            or k8s.Autorest.HttpOperationException
                            or OperationCanceledException
                )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }

        return done;
    }
}
