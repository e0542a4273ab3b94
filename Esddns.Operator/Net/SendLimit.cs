using System.Net.Sockets;

namespace Esddns.Operator.Net;

/// <summary>
/// Limits how long the kernel retransmits sent bytes, also after the process has cancelled, is suspended or was killed.
/// Without a limit, TCP retransmits for about 15 minutes. .NET has no name for this option (RFC 5482; TCP_USER_TIMEOUT
/// in linux/tcp.h).
/// </summary>
internal static class SendLimit
{
    private const int TcpLevel = 6,
        UserTimeout = 18;

    /// <summary>
    /// Sets the limit in whole milliseconds. Only Linux supports it; other systems keep their default.
    /// </summary>
    public static void Set(Socket socket, TimeSpan limit)
    {
        var milliseconds = (int)Math.Max(1, limit.TotalMilliseconds);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes(milliseconds));
    }

    /// <summary>
    /// The connect callback of an HTTP client, with this limit for each connection; without a limit when it is null.
    /// </summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ForHttp(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        TimeSpan? limit
    ) =>
        limit is not { } timeout
            ? connect
            : async (context, cancellationToken) =>
            {
                var stream = await connect(context, cancellationToken);
                if (stream is NetworkStream { Socket: var socket })
                    Set(socket, timeout);
                return stream;
            };
}
