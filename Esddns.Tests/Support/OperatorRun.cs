using Esddns.Operator;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Support;

/// <summary>Runs the whole operator in this process, against a simulator.</summary>
internal sealed class OperatorRun : IAsyncDisposable
{
    private readonly WebApplication _app;
    private HttpClient? _http;

    private OperatorRun(WebApplication app) => _app = app;

    /// <summary>The current snapshot of the operator.</summary>
    public Snapshot Snapshot => _app.Services.GetRequiredService<StateStore>().Current;

    /// <summary>The base URL of its API, after the start.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>A client of the API, without timeout.</summary>
    public HttpClient Http => _http ??= new HttpClient { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The services of the operator.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The settings of a local run, with the ports of the simulator.</summary>
    public static Dictionary<string, string?> Settings(SimulatorHost simulator) =>
        new()
        {
            ["Esddns:LiveDns:BaseUrl"] = simulator.LiveDnsUrl.ToString(),
            ["Esddns:LiveDns:Token"] = "simulator-token",
            ["Esddns:Discovery:Stun"] = $"stun://{simulator.Stun}#stun,stun+tcp://{simulator.Stun}#stun",
            ["Esddns:Discovery:Echo"] = $"{simulator.EchoA}#echo,{simulator.EchoB}#echo",
            ["Esddns:Discovery:Dns"] = $"dns://{simulator.Dns}/myip.opendns.com?type=A#dns",
            ["Esddns:Propagation:NameServers"] = $"dns://{simulator.Dns}",
            ["Esddns:Discovery:Interfaces"] = "false",
            // A long limit, because a machine under load is slow.
            ["Esddns:Discovery:Timeout"] = "40",
            ["Esddns:LiveDns:Timeout"] = "300",
            ["Esddns:Agreement:HoldDown"] = "0.05",
            ["Esddns:Agreement:AllowedRanges"] = "documentation",
            ["Esddns:Records:0:Zone"] = "example.com",
            ["Esddns:Records:0:Name"] = "home",
            ["Esddns:State:File"] = "none",
            ["urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Warning",
        };

    /// <summary>Builds the operator without starting the loop; the test runs single rounds.</summary>
    public static OperatorRun Build(
        SimulatorHost simulator,
        Action<Dictionary<string, string?>>? settings = null,
        Action<IServiceCollection>? services = null,
        params string[] args
    )
    {
        var all = Settings(simulator);
        settings?.Invoke(all);
        var app = OperatorApp.TryBuild(
            CommandLine.Read(args),
            out var errors,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(all);
                TestLogs.ReplaceProviders(builder.Logging, "operator");
                services?.Invoke(builder.Services);
            }
        );
        Assert.Empty(errors);
        return new OperatorRun(app!);
    }

    /// <summary>Builds the operator and starts the loop and the API.</summary>
    public static async Task<OperatorRun> StartAsync(
        SimulatorHost simulator,
        Action<Dictionary<string, string?>>? settings = null,
        Action<IServiceCollection>? services = null
    )
    {
        var run = Build(simulator, settings, services);
        await run._app.StartAsync(TestContext.Current.CancellationToken);
        return run;
    }

    /// <summary>Runs one round.</summary>
    public Task<Snapshot> RoundAsync(ReconcileReason reason = ReconcileReason.Request) =>
        Services.GetRequiredService<Reconciler>().RunOnceAsync(reason, TestContext.Current.CancellationToken);

    /// <summary>Ends the operator like a kill: it saves nothing and does not release its Lease.</summary>
    public ValueTask CrashAsync() => _app.DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
