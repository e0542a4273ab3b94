using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Telemetry;
using Esddns.Simulator;
using Esddns.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Conformance;

/// <summary>Gandi LiveDNS, simulated.</summary>
public sealed class LiveDnsConformanceTests : ProviderConformance, IAsyncLifetime
{
    private SimulatorHost _simulator = null!;

    private protected override IDnsProvider Provider => With("simulator-token");

    private protected override IDnsProvider WithoutRights => With("unknown");

    public async ValueTask InitializeAsync() => _simulator = await Sim.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    private IDnsProvider With(string token) => new ServiceCollection()
        .AddMetrics()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<OperatorMetrics>()
        .AddLiveDns(new LiveDnsOptions { BaseUrl = _simulator.LiveDnsUrl, Token = token })
        .BuildServiceProvider()
        .GetRequiredService<IDnsProvider>();
}
