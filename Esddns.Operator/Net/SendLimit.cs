using System.Net.Sockets;

namespace Esddns.Operator.Net;

/// <summary>
/// How long the kernel tries to bring sent bytes to the other side, after the process has given up, is suspended or
/// was killed, too: without a limit TCP repeats them for a quarter of an hour. .NET has no name for this option
/// (RFC 5482; TCP_USER_TIMEOUT in linux/tcp.h).
/// </summary>
internal static class SendLimit
{
    private const int TcpLevel = 6,
        UserTimeout = 18;

    /// <summary>Sets it, in whole milliseconds; other systems than Linux keep their own.</summary>
    public static void Set(Socket socket, TimeSpan limit)
    {
        var milliseconds = (int)Math.Max(1, limit.TotalMilliseconds);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, UserTimeout, BitConverter.GetBytes(milliseconds));
    }

    /// <summary>The connector of an HTTP client, with this limit for each of its connections; null for none.</summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ForHttp(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        TimeSpan? limit
    ) =>
        limit is not { } most
            ? connect
            : async (context, cancellationToken) =>
            {
                var stream = await connect(context, cancellationToken);
                if (stream is NetworkStream { Socket: var socket })
                    Set(socket, most);
                return stream;
            };
}
