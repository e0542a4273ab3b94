using System.Net;
using System.Net.Sockets;

namespace Esddns.Operator.Net;

/// <summary>
/// Connects to a host with several addresses, some of which may be unreachable (Happy Eyeballs version 2, RFC 8305).
/// All outgoing connections use it: HTTP, STUN, DNS and dynamic updates. The token of the caller is the time limit.
/// </summary>
internal static class HappyEyeballs
{
    /// <summary>The maximum number of addresses of one host that are tried.</summary>
    public const int MaxAttempts = 16;

    /// <summary>The Connection Attempt Delay of section 5: the time between the starts of two attempts.</summary>
    public static TimeSpan AttemptDelay { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Resolves the endpoints in the order in which to try them. A literal address (with optional brackets) resolves to
    /// itself. The addresses of a name keep the order of the resolver (RFC 6724), with interleaved families (section
    /// 4).
    /// </summary>
    /// <param name="host">A host name or an IP address.</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="family">The only family to use; null for both.</param>
    /// <param name="cancellationToken">The time limit.</param>
    /// <exception cref="SocketException">The host has no address of the family
    /// (<see cref="SocketError.HostNotFound"/>), or the resolver failed.</exception>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(
        string host,
        int port,
        AddressFamily? family,
        CancellationToken cancellationToken
    )
    {
        var name = host.Trim('[', ']');
        var addresses = IPAddress.TryParse(name, out var literal)
            ? [literal]
            : await LookUpAsync(name, family, cancellationToken);
        var usable = Order(addresses.Where(a => family is null || a.AddressFamily == family)).ToArray();
        if (usable.Length > 0)
            return [.. usable.Select(a => new IPEndPoint(a, port))];
        var kind = FamilyName(family);
        throw new SocketException((int)SocketError.HostNotFound, $"{name} has no {kind}address");
    }

    /// <summary>
    /// Interleaves the families, starting with the family of the first address (section 4); each address once.
    /// </summary>
    public static IEnumerable<IPAddress> Order(IEnumerable<IPAddress> resolved)
    {
        IPAddress[] all = [.. resolved.Distinct()];
        var preferred = new Queue<IPAddress>(all.Where(a => a.AddressFamily == all[0].AddressFamily));
        var others = new Queue<IPAddress>(all.Where(a => a.AddressFamily != all[0].AddressFamily));
        var ordered = new List<IPAddress>();
        while (ordered.Count < all.Length)
        {
            if (preferred.TryDequeue(out var address))
                ordered.Add(address);
            if (others.TryDequeue(out address))
                ordered.Add(address);
        }

        return ordered.Take(MaxAttempts);
    }

    /// <summary>
    /// Connects over TCP to the first address of the host that accepts. The caller disposes the socket.
    /// </summary>
    /// <exception cref="SocketException">The host has no such address, or no address accepted: the error of the first
    /// failed attempt.</exception>
    public static async Task<Socket> ConnectAsync(
        string host,
        int port,
        AddressFamily? family,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => await ConnectAsync(await ResolveAsync(host, port, family, cancellationToken), time, cancellationToken);

    /// <summary>Connects over TCP to the first endpoint that accepts. The caller disposes the socket.</summary>
    /// <exception cref="SocketException">No endpoint accepted: the error of the first failed attempt.</exception>
    public static Task<Socket> ConnectAsync(
        IReadOnlyList<IPEndPoint> endpoints,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => RaceAsync(endpoints, ConnectAsync, time, cancellationToken);

    /// <summary>The connect callback for the handler of an HTTP client. The handler performs TLS.</summary>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ForHttp(
        AddressFamily? family,
        TimeProvider time
    ) =>
        async (context, cancellationToken) =>
            new NetworkStream(
                await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, family, time, cancellationToken),
                ownsSocket: true
            );

    /// <summary>
    /// Tries the endpoints in order. The next attempt starts after <see cref="AttemptDelay"/> or when an attempt fails;
    /// the first success wins. The other attempts are cancelled, and their late results are disposed.
    /// </summary>
    /// <exception cref="SocketException">All attempts failed: the error of the first failed attempt, of any
    /// type.</exception>
    public static async Task<T> RaceAsync<T>(
        IReadOnlyList<IPEndPoint> endpoints,
        Func<IPEndPoint, CancellationToken, Task<T>> attemptAsync,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(endpoints.Count);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<T>>();
        var next = 0;
        Task<T>? firstFailed = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (next < endpoints.Count)
                    running.Add(attemptAsync(endpoints[next++], over.Token));
                else if (running.Count == 0)
                    return await firstFailed!;

                using var delay = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                var turn = Task.Delay(
                    next < endpoints.Count ? AttemptDelay : Timeout.InfiniteTimeSpan,
                    time,
                    delay.Token
                );
                await Task.WhenAny([.. running, turn]);
                await delay.CancelAsync();
                if (running.Find(a => a.IsCompletedSuccessfully) is { } won)
                {
                    running.Remove(won);
                    return await won;
                }

                firstFailed ??= running.Find(a => a.IsCompleted);
                running.RemoveAll(a => a.IsCompleted);
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (var lost in running)
                _ = DiscardAsync(lost);
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> LookUpAsync(
        string name,
        AddressFamily? family,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(
                name,
                family ?? AddressFamily.Unspecified,
                cancellationToken
            );
        }
        catch (SocketException e)
        {
            throw new SocketException((int)e.SocketErrorCode, $"cannot resolve {name}: {e.Message}");
        }
        catch (ArgumentException)
        {
            throw new SocketException((int)SocketError.HostNotFound, "the host name is too long");
        }
    }

    private static async Task DiscardAsync<T>(Task<T> lost)
    {
        try
        {
            (await lost as IDisposable)?.Dispose();
        }
#pragma warning disable CA1031 // Another attempt won, so the result of this one is ignored.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Cancelled or failed.
        }
    }

    private static string FamilyName(AddressFamily? family) =>
        family switch
        {
            AddressFamily.InterNetwork => "IPv4 ",
            AddressFamily.InterNetworkV6 => "IPv6 ",
            _ => "",
        };
}
