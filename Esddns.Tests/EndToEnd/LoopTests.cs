using System.Net;
using System.Text.Json;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The running operator: its triggers, and its status.</summary>
public sealed class LoopTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Canary_DetectsAChange_AndTheLoopConverges()
    {
        await using var run = await OperatorRun.StartAsync(_simulator, s => s["Esddns:CanaryInterval"] = "1");
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await Eventually.IsTrueAsync(() => Home() == "198.51.100.7");
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        Assert.StartsWith("Canary", run.Snapshot.History[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Canary_WithAWrongAddress_ChangesNothing()
    {
        await using var run = await OperatorRun.StartAsync(_simulator, s => s["Esddns:CanaryInterval"] = "1");
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        _simulator.Faults.Add(
            new Fault("stun", FaultEffect.WrongAddress) { Address = IPAddress.Parse("198.51.100.66") }
        );
        await Eventually.IsTrueAsync(() => run.Snapshot.Wan[0].Verdict == VerdictKind.Disagreed);
        _simulator.Faults.Clear();
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        Assert.Equal("203.0.113.10", Home());
        Assert.Single(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task Sync_ReturnsAfterTheRound()
    {
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        var answer = await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("198.51.100.7", json.RootElement.GetProperty("records")[0].GetProperty("current")[0].GetString());
        Assert.Equal("198.51.100.7", Home());
    }

    [Fact]
    public async Task ProviderFault_IsRetriedUntilItSucceeds()
    {
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Status) { Status = 503, Count = 2 });
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        Assert.Equal("server_error", run.Snapshot.Records[0].LastError!.Type);
    }

    [Fact]
    public async Task Stream_SendsEachSnapshot()
    {
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        using var stream = new StreamReader(
            await run.Http.GetStreamAsync(new Uri("/status/stream", UriKind.Relative), Cancel)
        );
        Assert.Equal("event: status", await stream.ReadLineAsync(Cancel));
        Assert.Contains("203.0.113.10", await stream.ReadLineAsync(Cancel), StringComparison.Ordinal);

        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await run.Http.PostAsync(new Uri("/sync", UriKind.Relative), null, Cancel);
        string? line;
        do line = await stream.ReadLineAsync(Cancel);
        while (line?.Contains("\"current\":[\"198.51.100.7\"]", StringComparison.Ordinal) == false);
        Assert.NotNull(line);
    }

    [Fact]
    public async Task Health_IsReadyAfterTheFirstRound_AndReportsTheReasonBefore()
    {
        _simulator.Faults.Add(new Fault("livedns", FaultEffect.Silence));
        await using var run = await OperatorRun.StartAsync(_simulator);
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active.Count > 0 && run.Snapshot.Records.Count > 0);
        var health = await run.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains(
            "no round has ended yet",
            await health.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await run.Http.GetAsync(new Uri("/alive", UriKind.Relative), Cancel)).StatusCode
        );
    }

    private string? Home() => _simulator.LiveDns.Values("example.com", "home", "A")?.Single();
}
