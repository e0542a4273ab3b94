using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Esddns.Tests.Support;

/// <summary>A minimal HTTP server. The test defines its answers byte by byte, and it keeps connections open.</summary>
internal sealed class TinyHttp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, string> _answer;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>
    /// Starts the server. <paramref name="answer"/> returns the answer to a request, given its first line.
    /// </summary>
    public TinyHttp(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The base URL.</summary>
    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    /// <summary>The number of accepted connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>An answer with status 200 and this body.</summary>
    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end; InvalidOperationException, also as ObjectDisposedException, if no call was waiting.
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            while (await reader.ReadLineAsync(_end.Token) is { } request)
            {
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                    // A header.
                }

                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(_answer(request)), _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has disconnected, or the test has ended.
        }
    }
}
