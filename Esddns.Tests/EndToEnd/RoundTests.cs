using System.Net;
using Esddns.Operator.State;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.EndToEnd;

/// <summary>Rounds of the whole operator: agreement, hold-down and foreign values.</summary>
public sealed class RoundTests : RoundScenario
{
    [Fact]
    public async Task FirstRound_CreatesTheRecord_SecondRoundWritesNothing()
    {
        await using var run = OperatorRun.Build(_simulator);
        var snapshot = await run.RoundAsync();
        Assert.True(snapshot.InSync);
        Assert.Equal(["203.0.113.10"], Home());
        Assert.Equal(RecordOutcome.Updated, snapshot.Records[0].Outcome);
        Assert.EndsWith("/domains/example.com/records/home/A", snapshot.Records[0].Href, StringComparison.Ordinal);

        snapshot = await run.RoundAsync();
        Assert.Equal(RecordOutcome.Noop, snapshot.Records[0].Outcome);
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task ChangedAddress_GivesOneWriteAndOneHistoryEntry()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        var snapshot = await run.RoundAsync();
        Assert.Equal(["198.51.100.7"], Home());
        Assert.Equal(2, _simulator.Requests.Writes.Count);
        Assert.Equal(
            ("203.0.113.10", "198.51.100.7"),
            (snapshot.History[0].From!.ToString(), snapshot.History[0].To.ToString())
        );
        Assert.NotNull(snapshot.History[0].ConvergedAfter);
        Assert.Contains("3 providers report 198.51.100.7", snapshot.History[0].Why, StringComparison.Ordinal);
    }

    /// <summary>A record that fails for long does not count for the changes of another one.</summary>
    [Fact]
    public async Task ConvergenceTime_IsThatOfItsOwnChange_WhileAnotherRecordFails()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                s["Esddns:Records:1:Zone"] = "nosuch.example";
                s["Esddns:Records:1:Name"] = "www";
            },
            s => s.AddSingleton<TimeProvider>(time)
        );
        await run.RoundAsync();
        time.Advance(TimeSpan.FromHours(1));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        var changed = (await run.RoundAsync()).History[0];
        Assert.InRange(changed.ConvergedAfter!.Value, 0, 60);
        time.Advance(TimeSpan.FromHours(1));
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.9");
        var corrected = (await run.RoundAsync()).History[0];
        Assert.NotEqual(changed, corrected);
        Assert.Null(corrected.ConvergedAfter);
    }

    [Theory]
    [InlineData("stun")]
    [InlineData("dns")]
    [InlineData("echo-b")]
    public async Task OneWrongSource_ChangesNothing(string service)
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.Faults.Add(
            new Fault(service, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66") }
        );
        var snapshot = await run.RoundAsync();
        Assert.Equal(VerdictKind.Disagreed, snapshot.Wan[0].Verdict);
        Assert.Contains("198.51.100.66", snapshot.Wan[0].Reason, StringComparison.Ordinal);
        Assert.False(snapshot.InSync);
        Assert.Equal(["203.0.113.10"], Home());
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task FlappingAddress_WithinHoldDown_IsNotPublished()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        foreach (var service in new[] { "echo-a", "echo-b", "dns" })
            _simulator.Faults.Add(
                new Fault(service, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66"), Count = 1 }
            );
        var snapshot = await run.RoundAsync();
        Assert.Equal(
            (VerdictKind.Agreed, "203.0.113.10"),
            (snapshot.Wan[0].Verdict, snapshot.Wan[0].Address!.ToString())
        );
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task ThirdAddress_WithinHoldDown_IsDisagreement()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        foreach (var service in new[] { "echo-a", "echo-b", "dns" })
            _simulator.Faults.Add(
                new Fault(service, FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66"), Count = 1 }
            );
        var wan = (await run.RoundAsync()).Wan[0];
        Assert.Equal((VerdictKind.Disagreed, "203.0.113.10"), (wan.Verdict, wan.Address!.ToString()));
        Assert.Contains("198.51.100.66 became 198.51.100.7", wan.Reason, StringComparison.Ordinal);
        Assert.Equal(["203.0.113.10"], Home());
    }

    [Fact]
    public async Task StableAddress_AfterHoldDown_IsPublished()
    {
        await using var run = OperatorRun.Build(
            _simulator,
            s =>
            {
                StunOverTcp(s);
                FourProviders(s);
            }
        );
        await run.RoundAsync();
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Reset));
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        Assert.True((await run.RoundAsync()).InSync);
        Assert.Equal(["198.51.100.7"], Home());
    }

    [Fact]
    public async Task NoInternet_PreservesTheRecordWithoutProviderCalls()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var run = OperatorRun.Build(_simulator, services: s => s.AddSingleton<TimeProvider>(time));
        await run.RoundAsync();
        var asked = _simulator.Requests.All.Count;
        _simulator.Faults.Add(new Fault("stun", FaultEffect.Silence));
        _simulator.Faults.Add(new Fault("dns", FaultEffect.Silence));
        _simulator.Faults.Add(
            new Fault("echo", FaultEffect.Status) { Status = 200, Body = "<html>Please log in</html>" }
        );
        var round = run.RoundAsync();
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return round.IsCompleted;
        });
        var snapshot = await round;
        Assert.Equal(
            (VerdictKind.Insufficient, RecordOutcome.Preserved),
            (snapshot.Wan[0].Verdict, snapshot.Records[0].Outcome)
        );
        Assert.Equal("203.0.113.10", snapshot.Wan[0].Address!.ToString());
        Assert.Equal(asked, _simulator.Requests.All.Count);
    }

    [Fact]
    public async Task ForeignValues_StayAfterAChange()
    {
        await using var run = OperatorRun.Build(_simulator);
        await run.RoundAsync();
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "203.0.113.10", "192.0.2.99");
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.RoundAsync();
        Assert.Equal(["192.0.2.99", "198.51.100.7"], Home());
    }

    [Fact]
    public async Task SeveralUnknownValues_ArePreserved_UnlessPolicyIsReplace()
    {
        _simulator.LiveDns.Set("example.com", "home", "A", 300, "192.0.2.98", "192.0.2.99");
        await using (var merge = OperatorRun.Build(_simulator))
        {
            var snapshot = await merge.RoundAsync();
            Assert.Equal(RecordOutcome.Preserved, snapshot.Records[0].Outcome);
            Assert.Contains("Replace", snapshot.Records[0].Reason, StringComparison.Ordinal);
            Assert.Empty(_simulator.Requests.Writes);
        }

        await using var replace = OperatorRun.Build(_simulator, s => s["Esddns:Records:0:Policy"] = "Replace");
        Assert.True((await replace.RoundAsync()).InSync);
        Assert.Equal(["203.0.113.10"], Home());
    }

    private static void FourProviders(Dictionary<string, string?> settings)
    {
        settings["Esddns:Discovery:Echo"] = settings["Esddns:Discovery:Echo"]!.Replace(
            "/a#echo",
            "/a#echo-a",
            StringComparison.Ordinal
        );
    }

    /// <summary>Over TCP, the client detects a stopped source at once.</summary>
    private void StunOverTcp(Dictionary<string, string?> settings) =>
        settings["Esddns:Discovery:Stun"] = $"stun+tcp://{_simulator.Stun}";
}
