using System.Net;
using Esddns.Operator.Reconcile;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The operator logs each change once, and does not repeat a lasting state.</summary>
public sealed class LoggedOnceTests : IAsyncLifetime
{
    private readonly CountingLogs _logs = new();
    private SimulatorHost _simulator = null!;
    private OperatorRun _run = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _run = OperatorRun.Build(_simulator, s => s["Logging:LogLevel:Default"] = "Information", _logs.AddTo);
        await _run.RoundAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _simulator.DisposeAsync();
        _logs.Dispose();
    }

    [Fact]
    public async Task ChangedAddress_AndItsWrite_AreLoggedOnce()
    {
        await _run.RoundAsync();
        IsLogged("WanAddressChanged", 1);
        IsLogged("RecordWritten", 1);
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await _run.RoundAsync();
        await _run.RoundAsync();
        IsLogged("WanAddressChanged", 2);
        IsLogged("RecordWritten", 2);
    }

    [Fact]
    public async Task Disagreement_AndItsEnd_AreLoggedOnce()
    {
        _simulator.Faults.Add(
            new Fault("stun", FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66") }
        );
        await _run.RoundAsync();
        await _run.RoundAsync();
        IsLogged("WanAddressNotAgreed", 1);
        IsLogged("WanAddressAgreedAgain", 0);
        _simulator.Faults.Clear();
        await _run.RoundAsync();
        await _run.RoundAsync();
        IsLogged("WanAddressNotAgreed", 1);
        IsLogged("WanAddressAgreedAgain", 1);
        IsLogged("WanAddressChanged", 1);
    }

    [Fact]
    public async Task ForeignEdit_IsLoggedOnce()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.1");
        await _run.RoundAsync();
        await _run.RoundAsync();
        IsLogged("RecordDrifted", 1);
    }

    [Fact]
    public async Task PreservedRecord_IsLoggedOnce()
    {
        _simulator.LiveDns.Set("example.com", "nas", "A", 300, "192.0.2.1", "192.0.2.2");
        await using var run = OperatorRun.Build(_simulator, s => s["Esddns:Records:0:Name"] = "nas", _logs.AddTo);
        await run.RoundAsync();
        await run.RoundAsync();
        IsLogged("RecordPreserved", 1);
    }

    [Fact]
    public async Task ProviderFailure_AndItsBackoff_AreLoggedOnce()
    {
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503, RetryAfter = 600 });
        await _run.RoundAsync();
        await _run.RoundAsync(ReconcileReason.Timer);
        IsLogged("RecordFailed", 1);
        IsLogged("ProviderBackoff", 1);
    }

    private void IsLogged(string eventName, int times) =>
        Assert.Equal((eventName, times), (eventName, _logs.Count(eventName)));
}
