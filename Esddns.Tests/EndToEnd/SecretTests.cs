using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.EndToEnd;

/// <summary>Searches all outputs for the token, at the most verbose log level and in every kind of failure.</summary>
public sealed class SecretTests
{
    private const string Token = "t0p-s3cret-personal-access-token";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Status")]
    [InlineData("Reset")]
    [InlineData("Truncate")]
    public async Task Token_IsNeverShown(string? effect)
    {
        await using var simulator = await Sim.StartAsync(new() { Token = effect is null ? Token : "another" });
        if (effect is not null)
            simulator.Faults.Add(new Fault("livedns", Enum.Parse<FaultEffect>(effect)) { Status = 500, Count = 1 });
        var logs = new CountingLogs();
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
                spans.Enqueue(
                    $"{a.DisplayName} {string.Join(' ', a.TagObjects)} "
                        + $"{string.Join(' ', a.Events.SelectMany(e => e.Tags))}"
                ),
        };
        ActivitySource.AddActivityListener(listener);

        await using var run = await OperatorRun.StartAsync(
            simulator,
            s =>
            {
                s["Esddns:LiveDns:Token"] = Token;
                s["Logging:LogLevel:Default"] = "Trace";
                s["Logging:LogLevel:Microsoft.Extensions.Http"] = "Trace";
                s["Logging:LogLevel:System.Net.Http"] = "Trace";
                s["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace";
            },
            services => services.AddLogging(l => l.ClearProviders().AddProvider(logs))
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.Round > 0);

        var shown = new StringBuilder().AppendJoin('\n', logs.Lines).AppendJoin('\n', spans);
        foreach (var path in new[] { "/status", "/metrics", "/health" })
            shown.Append(
                await (await run.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel)).Content.ReadAsStringAsync(
                    Cancel
                )
            );
        Assert.Contains("home.example.com", shown.ToString(), StringComparison.Ordinal);
        Assert.Contains(logs.Lines, l => l.Contains("Authorization: *", StringComparison.Ordinal));
        Assert.DoesNotContain(Token, shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretsInAnEchoUrl_AreNeverShown()
    {
        const string secret = "s3cret";
        await using var simulator = await Sim.StartAsync();
        var logs = new CountingLogs();
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            // The activities of the simulator in this process may contain the token.
            ActivityStopped = a =>
                spans.Enqueue(a.Kind == ActivityKind.Server ? "" : $"{a.DisplayName} {string.Join(' ', a.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var run = await OperatorRun.StartAsync(
            simulator,
            s =>
            {
                var url = new UriBuilder(simulator.EchoA) { Query = secret };
                var missing = new UriBuilder(simulator.EchoA) { Path = secret };
                s["Esddns:Discovery:Echo"] = $"{url.Uri}#echo,{missing.Uri}#echo";
                s["Logging:LogLevel:Default"] = "Trace";
                s["Logging:LogLevel:System.Net.Http"] = "Trace";
            },
            services => services.AddLogging(l => l.ClearProviders().AddProvider(logs))
        );
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        var shown = new StringBuilder().AppendJoin('\n', logs.Lines).AppendJoin('\n', spans);
        foreach (var path in new[] { "/status", "/metrics" })
            shown.Append(await run.Http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));
        Assert.Contains("(2)", shown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenFile_WithLineEnd_IsRefusedAndNotShown()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-");
        try
        {
            var file = Path.Combine(folder.FullName, "token");
            await File.WriteAllTextAsync(file, Token, Cancel);
            await using var simulator = await Sim.StartAsync();
            await using var run = OperatorRun.Build(
                simulator,
                s =>
                {
                    s.Remove("Esddns:LiveDns:Token");
                    s["Esddns:LiveDns:TokenFile"] = file;
                }
            );
            await File.WriteAllTextAsync(file, Token + "\nX-Injected: 1", Cancel);
            var error = (await run.RoundAsync()).Records[0].LastError!;
            Assert.Equal("unauthorized", error.Type);
            Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
            Assert.Empty(simulator.Requests.All);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
