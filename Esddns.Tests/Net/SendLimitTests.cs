using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;

namespace Esddns.Tests.Net;

/// <summary>The time for which the kernel retransmits after the process has exited.</summary>
public sealed class SendLimitTests
{
    private const int TcpLevel = 6,
        UserTimeout = 18;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 0)]
    [InlineData(5.0, 5000)]
    public async Task Connection_HasTheSendTimeout(double? seconds, int expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the socket option exists only on Linux");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancel);
        var connect = SendLimit.ForHttp(
            (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket)),
            seconds is { } s ? TimeSpan.FromSeconds(s) : null
        );
        await using var stream = await connect(null!, Cancel);
        Span<byte> value = stackalloc byte[4];
        Assert.Equal(4, socket.GetRawSocketOption(TcpLevel, UserTimeout, value));
        Assert.Equal(expected, BitConverter.ToInt32(value));
    }
}
