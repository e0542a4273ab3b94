using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Esddns.Simulator;
using Esddns.Tests.Support;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Esddns.Tests.EndToEnd;

/// <summary>The spans, as a dashboard shows them.</summary>
public sealed class TracingTests : IAsyncLifetime
{
    private readonly ConcurrentBag<Activity> _spans = [];
    private SimulatorHost _simulator = null!;
    private OperatorRun _run = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _run = await OperatorRun.StartAsync(
            _simulator,
            services: s => s.ConfigureOpenTelemetryTracerProvider(t => t.AddProcessor(new Collector(_spans)))
        );
        await Eventually.IsTrueAsync(() => _run.Snapshot is { InSync: true, Round: > 0 });
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Spans_HaveNamesForPeople_AndProbesHaveNone()
    {
        foreach (var path in new[] { "/alive", "/health", "/metrics", "/status" })
            await _run.Http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        var port = _run.Url.Port;
        await Eventually.IsTrueAsync(() => Requests().Any());
        Assert.Equal(["GET /status"], Requests().Select(s => s.DisplayName));
        Assert.Contains(_spans, s => s.DisplayName == $"observe stun://{_simulator.Stun}");

        // Other tests of this process have spans, too.
        IEnumerable<Activity> Requests() =>
            _spans.Where(s => s.Source.Name == "Microsoft.AspNetCore" && Equals(s.GetTagItem("server.port"), port));
    }

    /// <summary>The record does not exist before the first round.</summary>
    [Fact]
    public void MissingRecord_IsNoError()
    {
        var missing = _spans.Where(s =>
            s.Source.Name == "System.Net.Http"
            && Equals(s.GetTagItem("http.response.status_code"), (int)HttpStatusCode.NotFound)
            && Equals(s.GetTagItem("server.port"), _simulator.LiveDnsUrl.Port)
        );
        Assert.NotEmpty(missing);
        Assert.All(missing, s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
        Assert.All(missing, s => Assert.Equal("GET 127.0.0.1", s.DisplayName));
    }

    private sealed class Collector(ConcurrentBag<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded)
                spans.Add(data);
        }
    }
}
