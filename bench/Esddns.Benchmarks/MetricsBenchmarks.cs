using System.Globalization;
using BenchmarkDotNet.Attributes;
using Esddns.Operator;
using Microsoft.AspNetCore.Builder;
using OperatorCommandLine = Esddns.Operator.CommandLine;

namespace Esddns.Benchmarks;

/// <summary>GET /metrics of a running operator, over HTTP on 127.0.0.1.</summary>
public class MetricsBenchmarks
{
    // Nothing listens on port 1, so no round finds an address, and the records stay without one.
    private static readonly string[] s_settings =
    [
        "--urls=http://127.0.0.1:0",
        "--Esddns:LiveDns:Token=none",
        "--Esddns:LiveDns:BaseUrl=http://127.0.0.1:1",
        "--Esddns:Discovery:Stun=stun+tcp://127.0.0.1:1#a",
        "--Esddns:Discovery:Echo=http://127.0.0.1:1#b",
        "--Esddns:Discovery:Dns=none",
        "--Esddns:Discovery:Interfaces=false",
        "--Esddns:State:File=none",
        "--Logging:LogLevel:Default=None",
    ];

    private static readonly HttpClient s_http = new();
    private WebApplication? _app;
    private Uri? _metrics;

    /// <summary>The number of records.</summary>
    [Params(1, 1000)]
    public int Records { get; set; }

    /// <summary>Starts the operator, and waits for the state of the records.</summary>
    [GlobalSetup]
    public async Task StartAsync()
    {
        var records = Enumerable
            .Range(0, Records)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"--Esddns:Records:{i}:Fqdn=r{i}.example.com"));
        _app = OperatorApp.TryBuild(OperatorCommandLine.Read([.. s_settings, .. records]), out var errors);
        if (_app is null)
            throw new InvalidOperationException(string.Join('\n', errors));
        await _app.StartAsync();
        _metrics = new Uri(new Uri(_app.Urls.First()), "/metrics");
        while (!(await MetricsAsync()).Contains("esddns_record_state{", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Requests the metrics.</summary>
    [Benchmark(Description = "GET /metrics")]
    public Task<string> MetricsAsync() => s_http.GetStringAsync(_metrics);

    /// <summary>Stops the operator.</summary>
    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }
}
