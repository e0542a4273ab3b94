using Esddns.Configuration;

namespace Esddns.Simulator;

/// <summary>The command line of the simulator.</summary>
internal static class SimulatorArguments
{
    private static readonly ArgumentReader s_reader = new(
        """
        A simulated internet for tests of ESDDNS: LiveDNS, a name server, a STUN server and echo services.

        Set a setting of docs/simulator.md with a switch, --Key=value or --Key value:
          --Simulator:HttpPort=5380 --Simulator:DnsPort=5300 --Simulator:StunPort=3478
          --Logging:LogLevel:Default=Debug    log level; --OTEL_… works as well
        Or use the environment (Simulator__HttpPort).
        """,
        settings: ["Simulator:", "Logging:", "OTEL_"]
    );

    /// <summary>Parses the command line. Prints the help or the version when requested.</summary>
    public static Arguments Read(string[] args) => s_reader.Read(args);
}
