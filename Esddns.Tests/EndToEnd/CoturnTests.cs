using System.Net;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Net;
using Esddns.Tests.Support;

namespace Esddns.Tests.EndToEnd;

/// <summary>The operator against coturn, an independent STUN server.</summary>
public sealed class CoturnTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operator_AgreesAndWritesWithARealStunServer()
    {
        var turnserver = Tool.Require("turnserver", "coturn");
        var folder = Directory.CreateTempSubdirectory("esddns-");
        await using (
            var coturn = await RealServer.StartAsync(
                port =>
                    Tool.Start(
                        turnserver,
                        [
                            "-n",
                            "--stun-only",
                            "--listening-ip=127.0.0.1",
                            $"--listening-port={port}",
                            "--no-tls",
                            "--no-dtls",
                            "--no-cli",
                            "--log-file=stdout",
                            $"--pidfile={folder.FullName}/pid",
                            $"--userdb={folder.FullName}/db",
                        ]
                    ),
                async port => await SeesAsync("stun", port) && await SeesAsync("stun+tcp", port)
            )
        )
        {
            // Coturn reports the loopback address, so the echo services report it too, and the range is allowed.
            await using var simulator = await Sim.StartAsync(new() { IPv4 = IPAddress.Loopback });
            await using var run = OperatorRun.Build(
                simulator,
                s =>
                {
                    s["Esddns:Discovery:Stun"] =
                        $"stun://127.0.0.1:{coturn.Port}#stun,stun+tcp://127.0.0.1:{coturn.Port}#stun";
                    s["Esddns:Agreement:AllowedRanges"] = "loopback";
                }
            );
            var snapshot = await run.RoundAsync();
            Assert.True(snapshot.InSync, snapshot.Wan[0].Reason);
            Assert.Equal(["127.0.0.1"], simulator.LiveDns.Values("example.com", "home", "A")!);
        }

        folder.Delete(recursive: true);
    }

    private static async Task<bool> SeesAsync(string scheme, int port) =>
        await new StunSource(new Uri($"{scheme}://127.0.0.1:{port}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        )
            is Observation.Seen { Address: var seen }
        && seen.Equals(IPAddress.Loopback);
}
