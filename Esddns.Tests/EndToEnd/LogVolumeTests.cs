using System.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Verification;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Esddns.Tests.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.EndToEnd;

/// <summary>The lines that a component logs in an hour of fake time.</summary>
public sealed class LogVolumeTests : IAsyncLifetime
{
    private const int MaxIdle = 2;
    private const int MaxFailing = 12;
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private readonly CountingLogs _logs = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync()
    {
        _logs.Dispose();
        return _simulator.DisposeAsync();
    }

    /// <summary>A round every five minutes, or every thirty seconds, which is the longest wait after a fault.</summary>
    [Theory]
    [InlineData("nothing", 300, MaxIdle)]
    [InlineData("livedns", 30, MaxFailing)]
    [InlineData("all", 30, MaxFailing)]
    [InlineData("401", 300, MaxFailing)]
    [InlineData("404 zone", 300, MaxFailing)]
    [InlineData("alternating", 300, MaxFailing)]
    [InlineData("alternating", 15, MaxFailing)]
    public async Task Operator_LogsFewLinesAnHour(string fault, int seconds, int most)
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s => s["Logging:LogLevel:Default"] = "Information",
            services => _logs.AddTo(services.AddSingleton<TimeProvider>(_time))
        );
        await run.RoundAsync();
        var watch = ActivatorUtilities.CreateInstance<PropagationWatch>(run.Services);
        var before = Lines();
        var round = 0;
        for (var end = _time.GetUtcNow() + s_hour; _time.GetUtcNow() < end; round++)
        {
            _simulator.Faults.Clear();
            Array.ForEach(Faults(fault, round), _simulator.Faults.Add);
            _time.Advance(TimeSpan.FromSeconds(seconds));
            await PassAsync(run.RoundAsync(ReconcileReason.Timer));
            if (fault == "nothing")
                await watch.CheckAsync(TestContext.Current.CancellationToken);
        }

        Report("operator", fault, Lines() - before, most);
    }

    [Fact]
    public async Task Web_LogsFewLinesAnHour_WithoutTheOperator()
    {
        var time = new SkippingTime();
        await using var web = await WebRun.StartAsync(
            new Uri("http://127.0.0.1:1"),
            time,
            _logs.AddTo,
            [new("Logging:LogLevel:Default", "Information"), new("Logging:LogLevel:Microsoft", "Warning")]
        );
        await Eventually.IsTrueAsync(() => time.Elapsed > s_hour);
        Report("web service", "operator", Lines(), MaxFailing);
    }

    private static Fault[] Faults(string fault, int round) =>
        fault switch
        {
            "nothing" => [],
            "401" => [new Fault("livedns", FaultEffect.Status, Status: 401)],
            "404 zone" => [new Fault("livedns", FaultEffect.Status, Status: 404)],
            "alternating" when round % 2 == 0 =>
            [
                new Fault("echo", FaultEffect.WrongAddress, Address: IPAddress.Parse("198.51.100.66")),
                new Fault("livedns", FaultEffect.Status, Status: 503),
            ],
            "alternating" =>
            [
                new Fault("stun", FaultEffect.Silence),
                new Fault("dns", FaultEffect.Silence),
                new Fault("livedns", FaultEffect.Status, Status: 401),
            ],
            _ => [new Fault(fault, FaultEffect.Reset)],
        };

    /// <summary>Lets the time pass in which a round waits for answers.</summary>
    private async Task PassAsync(Task round)
    {
        while (await Task.WhenAny(round, Task.Delay(s_pause, TimeProvider.System)) != round)
            _time.Advance(TimeSpan.FromSeconds(1));
        await round;
    }

    private int Lines() =>
        _logs.Count(LogLevel.Information) + _logs.Count(LogLevel.Warning) + _logs.Count(LogLevel.Error);

    private void Report(string component, string fault, int lines, int most)
    {
        Measured.Add($"logs: {lines} lines an hour of the {component}, failing: {fault}");
        Assert.True(lines <= most, string.Join('\n', _logs.Lines));
    }
}
