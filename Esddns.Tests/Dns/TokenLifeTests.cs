using System.Diagnostics.Metrics;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.State;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Dns;

public sealed class TokenLifeTests
{
    private readonly List<string> _tokens = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusedToken_SecondIsUsed_AndThenTriedFirst()
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Main.Tokens.Add(new("next", "next-token"));
        simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await using var run = OperatorRun.Build(simulator, s => s["Esddns:LiveDns:SecondToken"] = "next-token");
        Assert.True((await run.RoundAsync()).InSync);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(
            ["main", .. Enumerable.Repeat("next", simulator.Requests.All.Count - 1)],
            simulator.Requests.All.Select(r => r.Token!)
        );
        Assert.Single(simulator.Requests.Writes);
    }

    [Fact]
    public async Task BothTokensRefused_ReportsTheFirstFaultOnce()
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        var errors = new CountingLogs();
        await using var run = OperatorRun.Build(
            simulator,
            s => s["Esddns:LiveDns:SecondToken"] = "unknown",
            services => services.AddLogging(l => l.ClearProviders().AddProvider(errors))
        );
        for (var i = 0; i < 4; i++)
            Assert.Equal("forbidden", (await run.RoundAsync()).Records[0].LastError!.Type);
        Assert.Equal(1, errors.Count(LogLevel.Error));
    }

    [Theory]
    [InlineData("missing-file")]
    [InlineData("unusable")]
    public async Task UnusableFirstToken_SecondIsUsed(string how)
    {
        await using var simulator = await Sim.StartAsync();
        var provider = LiveDnsUnderTest.Provider(
            new LiveDnsOptions
            {
                BaseUrl = simulator.LiveDnsUrl,
                Token = how == "unusable" ? "two words" : null,
                TokenFile = how == "unusable" ? null : Path.Combine(Path.GetTempPath(), how),
                SecondToken = "simulator-token",
            }
        );
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await provider.ZonesAsync(Cancel));
        Assert.Single(simulator.Requests.All);
    }

    /// <summary>
    /// The client tries each token once, starting with the one that worked last. If that token expires, it tries the
    /// other again.
    /// </summary>
    [Fact]
    public async Task TokenRefusedLater_OtherTokenIsUsedAgain()
    {
        await using var simulator = await Sim.StartAsync();
        simulator.LiveDns.Main.Tokens.Add(new("next", "next-token"));
        var (first, second) = (simulator.LiveDns.Main.Tokens[0], simulator.LiveDns.Main.Tokens[^1]);
        var provider = LiveDnsUnderTest.Provider(
            new LiveDnsOptions
            {
                BaseUrl = simulator.LiveDnsUrl,
                Token = "simulator-token",
                SecondToken = "next-token",
            }
        );
        var asked = new List<string>();
        foreach (var valid in new[] { "both", "second", "both", "none", "first", "both" })
        {
            (first.MayManageDns, second.MayManageDns) = (valid is "both" or "first", valid is "both" or "second");
            simulator.Requests.Clear();
            await provider.ZonesAsync(Cancel);
            asked.Add(string.Join(' ', simulator.Requests.All.Select(q => q.Token)));
        }

        Assert.Equal(["main", "main next", "next", "next main", "next main", "main"], asked);
    }

    /// <summary>While the server fails, the validity of the second token is unknown.</summary>
    [Theory]
    [InlineData(503, "server_error", "main next")]
    [InlineData(429, "rate_limited", "main next")]
    [InlineData(404, "unreadable", "next")]
    public async Task SecondTokenMeetsAnotherFault_ReportsThatFault(int status, string type, string askedNext)
    {
        var isFaulty = true;
        await using var proxy = await HttpStub.StartAsync(context => Forward(context));
        var provider = LiveDnsUnderTest.Provider(
            new LiveDnsOptions
            {
                BaseUrl = proxy.Url,
                Token = "simulator-token",
                SecondToken = "next-token",
            }
        );
        var fault = LiveDnsUnderTest.Fault(await provider.ZonesAsync(Cancel));
        Assert.Equal((FaultKind.Transient, type), (fault.Kind, fault.Type));
        _tokens.Clear();
        isFaulty = false;
        Assert.IsType<LookupResult<IReadOnlyCollection<DomainName>>.Available>(await provider.ZonesAsync(Cancel));
        Assert.Equal(askedNext, string.Join(' ', _tokens));

        Task Forward(HttpContext context)
        {
            var isFirst = context.Request.Headers.Authorization == "Bearer simulator-token";
            _tokens.Add(isFirst ? "main" : "next");
            context.Response.StatusCode = (isFirst, isFaulty) switch
            {
                (true, _) => 403,
                (_, true) => status,
                _ => 200,
            };
            return context.Response.WriteAsync("[]");
        }
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("unauthorized")]
    [InlineData("zone_not_found")]
    public async Task Refusals_HaveDistinctErrors(string type)
    {
        await using var simulator = await Sim.StartAsync();
        if (type == "forbidden")
            simulator.LiveDns.Main.Tokens[0].MayManageDns = false;
        await using var run = OperatorRun.Build(
            simulator,
            s =>
            {
                if (type == "unauthorized")
                    s["Esddns:LiveDns:Token"] = "unknown";
                if (type == "zone_not_found")
                    s["Esddns:Records:0:Zone"] = "example.net";
            }
        );
        var record = (await run.RoundAsync()).Records[0];
        Assert.Equal((RecordOutcome.Failed, type), (record.Outcome, record.LastError!.Type));
    }

    [Theory]
    [InlineData(30 * 86_400, 1, 0)]
    [InlineData(30 * 86_400 + 1, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(0, 0, 1)]
    public async Task DeclaredExpiry_IsExactToTheSecond(int secondsLeft, int warnings, int errors)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var logs = new CountingLogs();
        await using var services = Watching(time, logs, time.GetUtcNow().AddSeconds(secondsLeft));
        services.GetRequiredService<TokenExpiryWatch>().CheckExpiry();
        Assert.Equal((warnings, errors), (logs.Count(LogLevel.Warning), logs.Count(LogLevel.Error)));
    }

    [Fact]
    public async Task StoppedWatch_DoesNotWarn()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var logs = new CountingLogs();
        await using var services = Watching(time, logs, time.GetUtcNow().AddDays(31));
        var watch = services.GetRequiredService<TokenExpiryWatch>();
        await watch.StartAsync(Cancel);
        await watch.StopAsync(Cancel);
        time.Advance(TimeSpan.FromDays(40));
        Assert.Equal((0, 0), (logs.Count(LogLevel.Warning), logs.Count(LogLevel.Error)));
    }

    [Fact]
    public async Task DeclaredExpiry_Warns30And7And1DaysBeforeAndOnceAfter()
    {
        // A declared date means the last second of that day.
        var end = new DateTimeOffset(2027, 1, 10, 23, 59, 59, TimeSpan.Zero);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var logs = new CountingLogs();
        await using var services = Watching(time, logs, end);
        double? gauge = null;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => l.EnableMeasurementEvents(i) };
        listener.SetMeasurementEventCallback<double>(
            (i, value, _, _) => gauge = i.Name == "esddns_token_expiry_timestamp" ? value : gauge
        );
        listener.Start();

        var watch = services.GetRequiredService<TokenExpiryWatch>();
        await watch.StartAsync(TestContext.Current.CancellationToken);
        var warnings = new List<int>();
        for (var hour = 0; hour <= 42 * 24; hour++)
        {
            if (logs.Count(LogLevel.Warning) + logs.Count(LogLevel.Error) > warnings.Count)
                warnings.Add(hour / 24);
            time.Advance(TimeSpan.FromHours(1));
        }

        listener.RecordObservableInstruments();
        await watch.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal([11, 34, 40, 41], warnings);
        const string first = "expires at 2027-01-10 23:59:59Z, in 30.0 days";
        Assert.Contains(logs.Lines, l => l.Contains(first, StringComparison.Ordinal));
        Assert.Contains(logs.Lines, l => l.Contains("expired at 2027-01-10 23:59:59Z", StringComparison.Ordinal));
        Assert.Equal((3, 1), (logs.Count(LogLevel.Warning), logs.Count(LogLevel.Error)));
        Assert.Equal(end.ToUnixTimeSeconds(), gauge);
    }

    private static ServiceProvider Watching(TimeProvider time, CountingLogs logs, DateTimeOffset end) =>
        new ServiceCollection()
            .AddMetrics()
            .AddLogging(l => l.AddProvider(logs))
            .AddSingleton(time)
            .AddSingleton(new LiveDnsOptions { TokenExpires = end })
            .AddSingleton<TokenExpiryWatch>()
            .BuildServiceProvider();
}
