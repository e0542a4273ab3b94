using Esddns.Simulator;

namespace Esddns.Tests.Support;

/// <summary>Starts simulators on free ports.</summary>
internal static class Sim
{
    /// <summary>Starts a simulator.</summary>
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
