using System.Net;
using Esddns.Operator.Net;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.State;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.EndToEnd;

/// <summary>The rounds of a follower: it determines the address and does not change records.</summary>
public sealed class ObserverTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private OperatorRun _run = null!;

    private WanState[] Seen => [.. _run.Services.GetRequiredService<LocalObservations>().Wan];

    public async ValueTask InitializeAsync()
    {
        _simulator = await Sim.StartAsync();
        _run = OperatorRun.Build(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Observer_FindsTheAddress_AndWritesNothing()
    {
        await ObserveAsync(asksSources: true);
        Assert.Equal("203.0.113.10", Assert.Single(Seen).Address?.ToString());
        Assert.Empty(_run.Snapshot.Wan);
        Assert.Empty(_run.Snapshot.Records);
        Assert.Empty(_simulator.Requests.Writes);
    }

    [Fact]
    public async Task RoundWithoutQueries_UsesTheKnownAddress()
    {
        await ObserveAsync(asksSources: false);
        Assert.Equal("203.0.113.10", Assert.Single(Seen).Address?.ToString());
        _simulator.Wan.IPv4 = IPAddress.Parse("198.51.100.7");
        await ObserveAsync(asksSources: false);
        Assert.Equal("203.0.113.10", Assert.Single(Seen).Address?.ToString());
        await ObserveAsync(asksSources: true);
        Assert.Equal("198.51.100.7", Assert.Single(Seen).Address?.ToString());
    }

    [Fact]
    public async Task Observer_AlsoObservesTheLeadersFamilies()
    {
        _run.Services.GetRequiredService<StateStore>().Update(s => s with { Wan = [new WanState(IpFamily.IPv6)] });
        await ObserveAsync(asksSources: true);
        Assert.Equal([IpFamily.IPv4, IpFamily.IPv6], Seen.Select(w => w.Family));
    }

    private Task ObserveAsync(bool asksSources) =>
        _run
            .Services.GetRequiredService<Reconciler>()
            .ObserveAsync(ReconcileReason.Timer, asksSources, TestContext.Current.CancellationToken);
}
