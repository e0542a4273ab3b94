using System.Diagnostics.Metrics;
using Esddns.Operator.Telemetry;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Esddns.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Esddns.Tests.Architecture;

/// <summary>
/// The tables in docs/reference/metrics.md list the instruments of the code. The test makes the names, types, units and
/// meanings, and writes them with ESDDNS_WRITE_DOCS=1; people write the labels and the bounds.
/// </summary>
public sealed class DocumentedMetricsTests : IAsyncLifetime
{
    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        clusters: [{ name: c, cluster: { server: "http://127.0.0.1:1" } }]
        users: [{ name: u, user: {} }]
        contexts: [{ name: x, context: { cluster: c, user: u } }]
        current-context: x
        """;

    private readonly string _kubeconfig = Path.GetTempFileName();
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync()
    {
        File.Delete(_kubeconfig);
        return _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Tables_AreThoseOfTheInstruments()
    {
        await File.WriteAllTextAsync(_kubeconfig, Kubeconfig, TestContext.Current.CancellationToken);
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:LiveDns:TokenExpires"] = "2030-01-01";
                s["Esddns:Notifications:Channels:0:Type"] = "Webhook";
                s["Esddns:Notifications:Channels:0:Url"] = "http://127.0.0.1:9";
                s["Esddns:Kubernetes:Kubeconfig"] = _kubeconfig;
                s["Esddns:Kubernetes:Namespace"] = "esddns-system";
                s.Remove("Esddns:State:File");
            }
        );
        run.Services.GetRequiredService<OperatorMetrics>();
        run.Services.GetServices<IHostedService>();
        await using var web = WebApp.Build(WebArguments.Read([]));
        var rows = DocumentedMetrics.Rows;
        var ofOperator = DocumentedMetrics.Section(Instruments(run.Services), rows);
        var ofWeb = DocumentedMetrics.Section(Instruments(web.Services), rows.Reverse());
        if (Environment.GetEnvironmentVariable("ESDDNS_WRITE_DOCS") == "1")
            DocumentedMetrics.Write(ofOperator, ofWeb);
        Assert.Equal([.. ofOperator, .. ofWeb], DocumentedMetrics.Rows.Select(r => r.Line));
    }

    [Fact]
    public void Rows_HaveABound() =>
        Assert.All(DocumentedMetrics.Rows, row => Assert.True(row.Bound.Length > 0, $"{row.Metric} has no bound"));

    /// <summary>The instruments of one host; a listener also receives those of other tests.</summary>
    private static List<Instrument> Instruments(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == factory && DocumentedMetrics.IsOurs(instrument.Name))
                    lock (found)
                        found.Add(instrument);
            },
        };
        listener.Start();
        return found;
    }
}
