using System.Net.NetworkInformation;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Reconcile;
using Esddns.Simulator;
using Esddns.Simulator.Faults;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Reconcile;

/// <summary>The triggers of the running operator between its timed rounds.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task HostAddressChange_TriggersARound()
    {
        var host = new ChangingHost();
        await using (
            var run = await OperatorRun.StartAsync(
                _simulator,
                s => s["Esddns:CanaryInterval"] = "3600",
                services => services.AddSingleton<HostAddresses>(host)
            )
        )
        {
            await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
            _simulator.Wan.IPv4 = System.Net.IPAddress.Parse("198.51.100.7");
            host.Change();
            await Eventually.IsTrueAsync(() =>
                run.Snapshot.History is [{ To: var to }, _] && to.ToString() == "198.51.100.7"
            );
            Assert.StartsWith(nameof(ReconcileReason.Network), run.Snapshot.History[0].Why, StringComparison.Ordinal);
        }

        Assert.False(host.IsWatched);
    }

    [Theory]
    [InlineData("stun")]
    [InlineData("stun", "dns")]
    public async Task Canary_CheaperClassesUnavailable_DetectsTheChange(params string[] silent)
    {
        await using var run = await OperatorRun.StartAsync(
            _simulator,
            s =>
            {
                s["Esddns:CanaryInterval"] = "1";
                s["Esddns:Discovery:Timeout"] = "2";
                s["Esddns:Discovery:Echo"] = s["Esddns:Discovery:Echo"]!.Replace(
                    "/a#echo",
                    "/a#echo-a",
                    StringComparison.Ordinal
                );
            }
        );
        await Eventually.IsTrueAsync(() => run.Snapshot is { InSync: true, Round: > 0 });
        foreach (var service in silent)
            _simulator.Faults.Add(new Fault(service, FaultEffect.Silence));
        _simulator.Wan.IPv4 = System.Net.IPAddress.Parse("198.51.100.7");
        await Eventually.IsTrueAsync(() => run.Snapshot.Wan[0].Votes.Any(v => v.Address?.ToString() == "198.51.100.7"));
    }

    private sealed class ChangingHost : HostAddresses
    {
        private NetworkAddressChangedEventHandler? _changed;

        public override event NetworkAddressChangedEventHandler? Changed
        {
            add => _changed += value;
            remove => _changed -= value;
        }

        public bool IsWatched => _changed is not null;

        public void Change() => _changed?.Invoke(this, EventArgs.Empty);
    }
}
