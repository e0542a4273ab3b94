using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>Single rounds of the whole operator against the simulated internet.</summary>
public abstract class RoundScenario : IAsyncLifetime
{
    private protected SimulatorHost _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected IEnumerable<string>? Home() => _simulator.LiveDns.Values("example.com", "home", "A")?.Order();
}
