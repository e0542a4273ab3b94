using System.Net;
using Esddns.Operator.Reconcile;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>Rounds after unconfirmed writes, Retry-After and restarts.</summary>
public sealed class UnconfirmedRoundTests : RoundScenario
{
    [Fact]
    public async Task UnconfirmedWrite_IsReadBackAndNotRepeated()
    {
        await using var run = OperatorRun.Build(_simulator);
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Reset)
            {
                Method = "PUT",
                AfterApply = true,
                Count = 1,
            }
        );
        var snapshot = await run.RoundAsync();
        Assert.Contains("could not confirm", snapshot.Records[0].LastError!.Message, StringComparison.Ordinal);
        Assert.Null(snapshot.Records[0].Current);
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task UnconfirmedWrite_OfAFormerAddress_CountsAsOurs()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Reset)
            {
                Method = "PUT",
                AfterApply = true,
                Count = 1,
            }
        );
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.8");
        var snapshot = await run.RoundAsync();
        Assert.Equal(["192.0.2.99", "198.51.100.8"], Home());
        // Both writes took effect, and people are notified of each.
        Assert.Equal(
            ["192.0.2.99 198.51.100.8", "192.0.2.99 198.51.100.7", "203.0.113.10"],
            snapshot.History.Select(c => string.Join(' ', c.To.Select(a => a.ToString()).Order()))
        );
    }

    [Fact]
    public async Task RetryAfter_IsHonoured_ExceptForARequest()
    {
        await using var run = OperatorRun.Build(_simulator);
        _simulator.Faults.Add(
            new Fault("livedns", FaultEffect.Status)
            {
                Status = 429,
                RetryAfter = 3600,
                Count = 1,
            }
        );
        await run.RoundAsync();
        var snapshot = await run.RoundAsync(ReconcileReason.Timer);
        Assert.Single(_simulator.Requests.All);
        Assert.Equal("rate_limited", snapshot.Records[0].LastError!.Type);
        Assert.True((await run.RoundAsync()).InSync);
    }

    [Fact]
    public async Task StateFile_KeepsOwnershipAcrossRestarts()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-");
        void WithState(Dictionary<string, string?> s) =>
            s["Esddns:State:File"] = Path.Combine(folder.FullName, "state.json");
        await using (var first = OperatorRun.Build(_simulator, WithState))
            await first.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await using (var second = OperatorRun.Build(_simulator, WithState))
            Assert.Equal(2, (await second.RoundAsync()).Round);
        Assert.Equal(["192.0.2.99", "198.51.100.7"], Home());
        folder.Delete(recursive: true);
    }
}
