using System.Net;
using System.Net.Sockets;
using Esddns.Simulator.Faults;

namespace Esddns.Simulator.Net;

/// <summary>Serves a protocol over UDP and TCP and applies the active faults.</summary>
internal sealed class DatagramService(PortPair ports, IResponder responder, FaultBoard faults, TimeProvider time)
    : IAsyncDisposable
{
    private const int MaxMessage = 65_535;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>The address and port of the service.</summary>
    public IPEndPoint EndPoint => ports.EndPoint;

    /// <summary>Starts the service.</summary>
    public void Start() => _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        ports.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[MaxMessage];
        while (true)
        {
            var received = await ports.Udp.ReceiveFromAsync(
                buffer,
                new IPEndPoint(ports.EndPoint.Address, 0),
                _stop.Token
            );
            var message = buffer.AsSpan(0, received.ReceivedBytes).ToArray();
            _ = AnswerUdpAsync(message, (IPEndPoint)received.RemoteEndPoint);
        }
    }

    private async Task AnswerUdpAsync(byte[] message, IPEndPoint from)
    {
        var fault = faults.Take(responder.Services.Udp);
        if (fault?.Kind is FaultEffect.Silence or FaultEffect.Reset)
            return;
        if (fault?.Kind == FaultEffect.Latency)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.LatencyMs), time, _stop.Token);
        var answer = responder.Answer(message, from, false, fault?.Address);
        if (answer is null)
            return;
        if (fault?.Kind == FaultEffect.Truncate)
            answer = answer[..(answer.Length / 2)];
        await ports.Udp.SendToAsync(answer, from, _stop.Token);
    }

    private async Task ServeTcpAsync()
    {
        while (true)
            _ = ServeConnectionAsync(await ports.Tcp.AcceptSocketAsync(_stop.Token));
    }

    private async Task ServeConnectionAsync(Socket socket)
    {
        using var connection = socket;
        await using var stream = new NetworkStream(socket);
        try
        {
            while (await responder.ReadAsync(stream, _stop.Token) is { } message)
            {
                var fault = faults.Take(responder.Services.Tcp);
                if (fault?.Kind == FaultEffect.Silence)
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, _stop.Token);
                if (fault?.Kind == FaultEffect.Latency)
                    await Task.Delay(TimeSpan.FromMilliseconds(fault.LatencyMs), time, _stop.Token);
                if (fault?.Kind == FaultEffect.Reset)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    return;
                }

                if (
                    responder.Answer(message, (IPEndPoint)socket.RemoteEndPoint!, true, fault?.Address)
                    is not { } answer
                )
                    return;
                var framed = responder.Frame(answer);
                await stream.WriteAsync(
                    fault?.Kind == FaultEffect.Truncate ? framed.AsMemory(0, framed.Length / 2) : framed,
                    _stop.Token
                );
                if (fault?.Kind == FaultEffect.Truncate)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has disconnected, or the simulator is stopping.
        }
    }
}
