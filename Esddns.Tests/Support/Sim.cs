using Esddns.Simulator;

namespace Esddns.Tests.Support;

/// <summary>Simulators for tests: any free ports.</summary>
internal static class Sim
{
    /// <summary>Starts one.</summary>
    public static Task<SimulatorHost> StartAsync(SimulatorOptions? options = null, TimeProvider? time = null) =>
        SimulatorHost.StartAsync(
            (options ?? new SimulatorOptions()) with
            {
                HttpPort = 0,
                DnsPort = 0,
                StunPort = 0,
            },
            time,
            ["--Logging:Console:LogLevel:Default=None"],
            TestContext.Current.CancellationToken
        );
}
