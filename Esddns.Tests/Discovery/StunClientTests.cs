using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Discovery;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Net;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Discovery;

/// <summary>Transactions over real sockets, on fake time.</summary>
public sealed class StunClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Udp_NoAnswer_RetransmitsWithSameIdAndDoublingRto()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var time = new CountedTime();
        var asking = StunClient.RequestUdpAsync((IPEndPoint)server.Client.LocalEndPoint!, time, Cancel);

        var first = (await server.ReceiveAsync(Cancel)).Buffer;
        foreach (var rto in new[] { 500, 1000, 2000, 4000, 8000, 16000 })
        {
            await AdvanceUntilWaitingAsync(time, rto - 1);
            Assert.Equal(0, server.Available);
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(first, (await server.ReceiveAsync(Cancel)).Buffer);
        }

        // The last wait is Rm times the initial RTO, not the doubled RTO.
        await AdvanceUntilWaitingAsync(time, 7999);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.IsTrueAsync(() => asking.IsCompleted);
        var e = await Assert.ThrowsAnyAsync<SocketException>(() => asking);
        Assert.Equal(SocketError.TimedOut, e.SocketErrorCode);
        Assert.Equal([500, 1000, 2000, 4000, 8000, 16000, 8000], time.Waits);
    }

    [Fact]
    public async Task Udp_ForeignAnswers_AreDropped()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var asking = StunClient.RequestUdpAsync((IPEndPoint)server.Client.LocalEndPoint!, TimeProvider.System, Cancel);
        var request = await server.ReceiveAsync(Cancel);
        var wrong = Answer(request.Buffer, "198.51.100.66");
        wrong[19] ^= 0xFF;
        await server.SendAsync(wrong, request.RemoteEndPoint, Cancel);
        await server.SendAsync(new byte[] { 1, 2, 3 }, request.RemoteEndPoint, Cancel);
        await server.SendAsync(Answer(request.Buffer, "198.51.100.7"), request.RemoteEndPoint, Cancel);
        Assert.Equal("198.51.100.7", ((StunReply.Mapped)(await asking)!).Endpoint.Address.ToString());
    }

    [Theory]
    [InlineData("stun")]
    [InlineData("stun+tcp")]
    public async Task Source_AgainstTheSimulator_ReturnsTheWanAddress(string scheme)
    {
        await using var simulator = await Sim.StartAsync();
        var source = new StunSource(new Uri($"{scheme}://{simulator.Stun}"), TimeProvider.System);
        var seen = Assert.IsType<Observation.Seen>(await source.ObserveAsync(IpFamily.IPv4, Cancel));
        Assert.Equal(simulator.Wan.IPv4, seen.Address);
    }

    [Fact]
    public async Task Source_NoServer_IsUnavailableWithReason()
    {
        using var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.Client.LocalEndPoint!).Port;
        closed.Close();
        var observation = await new StunSource(new Uri($"stun://127.0.0.1:{port}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
        Assert.Contains(
            "refused",
            Assert.IsType<Observation.Unavailable>(observation).Reason,
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("2001:db8::7")]
    [InlineData("::ffff:200.1.2.3")]
    public async Task Source_AnswerOfOtherFamily_IsUnavailable(string address)
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var asking = new StunSource(new Uri($"stun://{server.Client.LocalEndPoint}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
        var request = await server.ReceiveAsync(Cancel);
        await server.SendAsync(Answer(request.Buffer, address), request.RemoteEndPoint, Cancel);
        var observation = Assert.IsType<Observation.Unavailable>(await asking);
        Assert.Contains("which is not an IPv4 address", observation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_TcpAnswerIsNotStun_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = new StunSource(new Uri($"stun+tcp://{listener.LocalEndpoint}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Contains(
            "not valid STUN",
            Assert.IsType<Observation.Unavailable>(await asking).Reason,
            StringComparison.Ordinal
        );
    }

    /// <summary>The client reads only as many bytes as the header announces.</summary>
    [Theory]
    [InlineData(2028, true)]
    [InlineData(2032, false)]
    public async Task Source_TcpMessageLength_IsLimited(int length, bool good)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = new StunSource(new Uri($"stun+tcp://{listener.LocalEndpoint}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        var request = new byte[StunMessage.HeaderLength];
        await client.GetStream().ReadExactlyAsync(request, Cancel);
        var answer = Answer(request, "198.51.100.7");
        var padding = length - (answer.Length - StunMessage.HeaderLength) - 4;
        (answer[2], answer[3]) = ((byte)(length >> 8), (byte)length);
        byte[] software = [0x80, 0x22, (byte)(padding >> 8), (byte)padding, .. new byte[padding]];
        await client.GetStream().WriteAsync((byte[])[.. answer, .. software], Cancel);
        Assert.Equal(good, await asking is Observation.Seen);
    }

    [Fact]
    public async Task Source_TcpConnectionEndsEarly_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asking = new StunSource(new Uri($"stun+tcp://{listener.LocalEndpoint}"), TimeProvider.System).ObserveAsync(
            IpFamily.IPv4,
            Cancel
        );
        using (var client = await listener.AcceptTcpClientAsync(Cancel))
        {
            await client.GetStream().ReadExactlyAsync(new byte[StunMessage.HeaderLength], Cancel);
            await client.GetStream().WriteAsync(new byte[] { 1, 1, 0 }, Cancel);
        }

        Assert.Contains(
            "the connection failed",
            Assert.IsType<Observation.Unavailable>(await asking).Reason,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("stun")]
    [InlineData("stun+tcp")]
    public async Task Source_HostWithoutFamily_IsUnavailableWithReason(string scheme)
    {
        var source = new StunSource(new Uri($"{scheme}://127.0.0.1:9"), TimeProvider.System);
        var observation = Assert.IsType<Observation.Unavailable>(await source.ObserveAsync(IpFamily.IPv6, Cancel));
        Assert.Contains("127.0.0.1 has no IPv6 address", observation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_ErrorResponse_IsUnavailableWithCleanReason()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var source = new StunSource(new Uri($"stun://{server.Client.LocalEndPoint}"), TimeProvider.System);
        var asking = source.ObserveAsync(IpFamily.IPv4, Cancel);
        var request = await server.ReceiveAsync(Cancel);
        byte[] error = [1, 0x11, 0, 16, .. request.Buffer[4..20], 0, 9, 0, 12, 0, 0, 5, 0, .. "\u001b[2J\u0007no!"u8];
        await server.SendAsync(error, request.RemoteEndPoint, Cancel);
        Assert.Equal("returned error 500 [2Jno!", Assert.IsType<Observation.Unavailable>(await asking).Reason);
    }

    /// <summary>Advances the time after the client has set its timer, which it does after sending.</summary>
    private static async Task AdvanceUntilWaitingAsync(CountedTime time, int milliseconds)
    {
        var timers = ++time.Expected;
        await Eventually.IsTrueAsync(() => time.Timers == timers);
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <summary>Records the durations of all timers.</summary>
    private sealed class CountedTime : FakeTimeProvider
    {
        private readonly ConcurrentQueue<double> _waits = new();

        public int Timers => _waits.Count;

        /// <summary>The durations of the timers, in milliseconds.</summary>
        public double[] Waits => [.. _waits];

        public int Expected { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Enqueue(dueTime.TotalMilliseconds);
            return timer;
        }
    }

    private static byte[] Answer(byte[] request, string address)
    {
        byte[] mask = [.. request[4..20]];
        var octets = IPAddress.Parse(address).GetAddressBytes().Select((b, i) => (byte)(b ^ mask[i]));
        var (size, family) = address.Contains(':', StringComparison.Ordinal) ? (20, 2) : (8, 1);
        byte[] attribute = [0, 0x20, 0, (byte)size, 0, (byte)family, 0x21, 0x12, .. octets];
        return [1, 1, 0, (byte)attribute.Length, .. request[4..20], .. attribute];
    }
}
