using System.Diagnostics.Metrics;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class TokenLifeTests
{
    [Fact]
    public async Task RefusedToken_IsFollowedByTheSecond_WhichIsThenTriedFirst()
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Main.Tokens.Add(new("next", "next-token"));
        simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await using var run = OperatorRun.Build(simulator, s => s["Esddns:LiveDns:SecondToken"] = "next-token");
        Assert.True((await run.RoundAsync()).InSync);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["main", .. Enumerable.Repeat("next", simulator.Requests.All.Count - 1)], simulator.Requests.All.Select(r => r.Token!));
        Assert.Single(simulator.Requests.Writes);
    }

    [Fact]
    public async Task BothRefused_IsTheFirstOnesFault_AndReportedOnceNotEveryRound()
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        var errors = new CountingLogs();
        await using var run = OperatorRun.Build(
            simulator, s => s["Esddns:LiveDns:SecondToken"] = "unknown", services => services.AddLogging(l => l.ClearProviders().AddProvider(errors)));
        for (var i = 0; i < 4; i++) Assert.Equal("forbidden", (await run.RoundAsync()).Records[0].LastError!.Type);
        Assert.Equal(1, errors.Count(LogLevel.Error));
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("unauthorized")]
    [InlineData("zone_not_found")]
    public async Task Refusals_AreToldApart(string type)
    {
        await using var simulator = await Sim.StartAsync();
        if (type == "forbidden") simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await using var run = OperatorRun.Build(simulator, s =>
        {
            if (type == "unauthorized") s["Esddns:LiveDns:Token"] = "unknown";
            if (type == "zone_not_found") s["Esddns:Records:0:Zone"] = "example.net";
        });
        var record = (await run.RoundAsync()).Records[0];
        Assert.Equal((RecordOutcome.Failed, type), (record.Outcome, record.LastError!.Type));
    }

    [Fact]
    public async Task DeclaredEnd_IsWarnedOf30And7And1DaysAheadAndAfterwards_OnceEach()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var logs = new CountingLogs();
        await using var services = new ServiceCollection()
            .AddMetrics()
            .AddLogging(l => l.AddProvider(logs))
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(new LiveDnsOptions { TokenExpires = time.GetUtcNow().AddDays(40) })
            .AddSingleton<TokenExpiryWatch>()
            .BuildServiceProvider();
        double? gauge = null;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => l.EnableMeasurementEvents(i) };
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => gauge = i.Name == "esddns_token_expiry_timestamp" ? value : gauge);
        listener.Start();

        var watch = services.GetRequiredService<TokenExpiryWatch>();
        await watch.StartAsync(TestContext.Current.CancellationToken);
        var warnings = new List<int>();
        for (var hour = 0; hour <= 41 * 24; hour++)
        {
            if (logs.Count(LogLevel.Warning) + logs.Count(LogLevel.Error) > warnings.Count) warnings.Add(hour / 24);
            time.Advance(TimeSpan.FromHours(1));
        }

        listener.RecordObservableInstruments();
        await watch.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal([10, 33, 39, 40], warnings);
        Assert.Equal((3, 1), (logs.Count(LogLevel.Warning), logs.Count(LogLevel.Error)));
        Assert.Equal(new DateTimeOffset(2027, 1, 10, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), gauge);
    }
}
