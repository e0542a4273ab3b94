using System.Net;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Esddns.Tests.Kubernetes;

/// <summary>A node's report to an API server that fails or rejects it.</summary>
public sealed class NodeReportTests : IAsyncLifetime
{
    private const int Failures = 12;
    private readonly SkippingTime _time = new();
    private readonly List<TimeSpan> _asked = [];
    private readonly List<string> _bodies = [];
    private HttpStub _server = null!;
    private ApiClient _api = null!;
    private NodeReportWriter _report = null!;
    private ReconcileTrigger _trigger = null!;
    private int _status = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpStub.StartAsync(AnswerAsync);
        _api = new ApiClient(new HttpClient(), _server.Url);
        var options = new KubernetesOptions
        {
            Namespace = "esddns-system",
            PodName = "pod",
            NodeName = "node",
        };
        _trigger = new ReconcileTrigger(_time);
        _report = new NodeReportWriter(
            _api,
            options,
            _trigger,
            new Random(1),
            _time,
            NullLogger<NodeReportWriter>.Instance
        );
        await _report.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _report.StopAsync(CancellationToken.None);
        _report.Dispose();
        _api.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>The report is retried independently of rounds.</summary>
    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task FailedReport_IsRetriedWithGrowingWaits_WithTheNewestAddress(int status)
    {
        _status = status;
        await ReportAsync("203.0.113.1");
        await ReportAsync("203.0.113.2");
        await Eventually.IsTrueAsync(() => Count() > Failures);
        TimeSpan[] gaps;
        lock (_asked)
            gaps = [.. _asked.Zip(_asked.Skip(1), (x, y) => y - x)];
        Assert.All(gaps.Take(Failures - 1), g => Assert.InRange(g, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1)));
        Assert.All(gaps.Take(Failures - 1).Skip(7), g => Assert.True(g >= TimeSpan.FromSeconds(30)));
        Assert.Contains("203.0.113.2", Last(), StringComparison.Ordinal);

        // The change has triggered one round, the failures none.
        var changed = await _trigger.NextAsync(TimeSpan.FromHours(1), ReconcileReason.Timer, Cancel);
        Assert.Equal(ReconcileReason.Cluster, changed.Reasons[^1]);
        var next = await _trigger.NextAsync(TimeSpan.FromHours(1), ReconcileReason.Timer, Cancel);
        Assert.Equal([ReconcileReason.Timer], next.Reasons);
    }

    [Fact]
    public async Task WrittenReport_IsNotRepeatedBeforeTheHeartbeat()
    {
        await ReportAsync("203.0.113.1");
        await Eventually.IsTrueAsync(() => Count() == 1);
        for (var i = 0; i < 5; i++)
            await ReportAsync("203.0.113.1");
        await ReportAsync("203.0.113.2");
        await Eventually.IsTrueAsync(() => Last().Contains("203.0.113.2", StringComparison.Ordinal));
        Assert.Equal(2, Count());
    }

    private Task ReportAsync(string address) =>
        _report.ReportAsync(
            [new WanState(IpFamily.IPv4) { Verdict = VerdictKind.Agreed, Address = IPAddress.Parse(address) }],
            Cancel
        );

    private int Count()
    {
        lock (_asked)
            return _asked.Count;
    }

    private string Last()
    {
        lock (_asked)
            return _bodies.LastOrDefault() ?? "";
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancel);
        int count;
        lock (_asked)
        {
            _asked.Add(_time.Elapsed);
            _bodies.Add(body);
            count = _asked.Count;
        }

        context.Response.StatusCode = count > Failures ? 200 : _status;
        var lease = new { kind = "Lease", metadata = new { name = "esddns-node" } };
        await context.Response.WriteAsJsonAsync(lease, Cancel);
    }
}
