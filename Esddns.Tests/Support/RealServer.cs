using System.Diagnostics;
using System.Net;
using Esddns.Simulator.Net;

namespace Esddns.Tests.Support;

/// <summary>
/// An independent server on a free port of 127.0.0.1. If another process takes the port first, it tries another one.
/// </summary>
internal sealed class RealServer : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private RealServer(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>The listening port.</summary>
    public int Port { get; }

    /// <summary>Starts the server and waits until <paramref name="isUp"/> returns true.</summary>
    public static async Task<RealServer> StartAsync(Func<int, Process> start, Func<int, Task<bool>> isUp)
    {
        var output = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = FreePort();
            var server = new RealServer(start(port), port);
            var outputs = Task.WhenAll(
                server._process.StandardOutput.ReadToEndAsync(),
                server._process.StandardError.ReadToEndAsync()
            );
            using var hang = new CancellationTokenSource(s_hang);
            while (!hang.IsCancellationRequested && !server._process.HasExited)
            {
                if (await isUp(port))
                    return server;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }

            await server.DisposeAsync();
            output = string.Join('\n', await outputs);
        }

        Assert.Fail($"The server did not start in {Attempts} attempts: {output}");
        throw new UnreachableException();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var both = PortPair.Open(IPAddress.Loopback, 0);
        return both.EndPoint.Port;
    }
}
