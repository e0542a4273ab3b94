using Esddns.Operator;
using Esddns.Operator.Notifications;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Notifications;

/// <summary>The whole operator with channels. No secret of them is in a log, metric, page or file.</summary>
public sealed class NotifyingOperatorTests : IAsyncLifetime
{
    private const string Token = "t0p-s3cr3t-token";
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-notify-").FullName;
    private SimulatorHost _simulator = null!;
    private Receiver _good = null!;
    private Receiver _bad = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        (_good, _bad) = (await Receiver.StartAsync(), await Receiver.StartAsync());
        _bad.Fail(500, times: 100);
    }

    public async ValueTask DisposeAsync()
    {
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task AddressChange_IsTold_AndNoSecretIsShown()
    {
        var logs = new CountingLogs();
        await using var run = await OperatorRun.StartAsync(_simulator, Settings, logs.AddTo);
        await Eventually.IsTrueAsync(() => run.Snapshot.InSync);
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(_folder, "state.json.notifications")));
        _simulator.Wan.IPv4 = System.Net.IPAddress.Parse("198.51.100.7");
        await Eventually.IsTrueAsync(() => _good.Texts.Any(t => t.Contains("198.51.100.7", StringComparison.Ordinal)));
        await Eventually.IsTrueAsync(() => logs.Count("ChannelFailed") > 0);
        var metrics = "";
        await Eventually.IsTrueAsync(async () =>
        {
            metrics = await run.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
            return metrics.Contains("\nesddns_notifications_queued{} 1", StringComparison.Ordinal);
        });
        Assert.Contains(
            """esddns_notifications_sent_total{channel="good",outcome="sent"}""",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """esddns_notifications_sent_total{channel="bad",outcome="failed"}""",
            metrics,
            StringComparison.Ordinal
        );

        string[] seen =
        [
            .. logs.Lines,
            metrics,
            await run.Http.GetStringAsync(new Uri("/status", UriKind.Relative), Cancel),
            await run.Http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel),
            await File.ReadAllTextAsync(Path.Combine(_folder, "state.json"), Cancel),
            await File.ReadAllTextAsync(Path.Combine(_folder, "state.json.notifications"), Cancel),
        ];
        foreach (var secret in new[] { Token, "secret-path", $"server_port=\"{_bad.Root.Port}\"" })
            Assert.DoesNotContain(seen, text => text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutChannels_NothingRuns()
    {
        await using var run = OperatorRun.Build(_simulator);
        Assert.Null(run.Services.GetService<Notifier>());
        Assert.Null(run.Services.GetService<NotificationMetrics>());
    }

    [Fact]
    public async Task Test_SendsOneOfEach_AndReportsALineEach()
    {
        await using var run = OperatorRun.Build(_simulator, Settings, args: "--test-notifications");
        using var output = new StringWriter();
        Assert.Equal(1, await TestNotifications.RunAsync(run.Services, output, Cancel));
        Assert.Equal(
            ["good: sent", "bad: failed: the receiver answers with HTTP 500", "dead-man: sent"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Contains("Test message of ESDDNS", _good.Texts[0], StringComparison.Ordinal);
        Assert.Equal("GET /hook/secret-path/log", _good.Requests.Last());
    }

    [Fact]
    public async Task Test_WithoutChannels_Fails()
    {
        await using var run = OperatorRun.Build(_simulator, args: "--test-notifications");
        using var output = new StringWriter();
        Assert.Equal(1, await TestNotifications.RunAsync(run.Services, output, Cancel));
        Assert.Contains("no channel is configured", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckConfig_ListsTheChannels_WithoutSecrets()
    {
        await using var run = OperatorRun.Build(_simulator, Settings, args: "--check-config");
        using var output = new StringWriter();
        await CheckConfig.WriteAsync(run.Services, isOnce: false, output);
        Assert.Contains("messages    good (Gotify): AddressChanged", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, output.ToString(), StringComparison.Ordinal);
    }

    private void Settings(Dictionary<string, string?> settings)
    {
        var file = Path.Combine(_folder, "url");
        File.WriteAllText(file, _bad.Url);
        settings["Esddns:State:File"] = Path.Combine(_folder, "state.json");
        settings["Esddns:Notifications:BurstWindow"] = "0";
        settings["Esddns:Notifications:Channels:0:Name"] = "good";
        settings["Esddns:Notifications:Channels:0:Type"] = "Gotify";
        settings["Esddns:Notifications:Channels:0:Url"] = _good.Url;
        settings["Esddns:Notifications:Channels:0:Token"] = Token;
        settings["Esddns:Notifications:Channels:0:Events"] = "AddressChanged,RecordCorrected";
        settings["Esddns:Notifications:Channels:1:Name"] = "bad";
        settings["Esddns:Notifications:Channels:1:Type"] = "Webhook";
        settings["Esddns:Notifications:Channels:1:UrlFile"] = file;
        settings["Esddns:Notifications:Channels:1:Events"] = "AddressChanged";
        settings["Esddns:Notifications:Channels:2:Name"] = "dead-man";
        settings["Esddns:Notifications:Channels:2:Type"] = "Healthchecks";
        settings["Esddns:Notifications:Channels:2:Url"] = _good.Url;
    }
}
