using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Simulator;
using Esddns.Tests.Support;

namespace Esddns.Tests.Conformance;

/// <summary>Gandi LiveDNS, simulated.</summary>
public sealed class LiveDnsConformanceTests : ProviderConformance, IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private protected override IDnsProvider Provider => With("simulator-token");

    private protected override IDnsProvider WithoutRights => With("unknown");

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    private IDnsProvider With(string token) =>
        LiveDnsUnderTest.Provider(new LiveDnsOptions { BaseUrl = _simulator.LiveDnsUrl, Token = token });
}
