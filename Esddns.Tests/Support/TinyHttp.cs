using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Esddns.Tests.Support;

/// <summary>
/// An HTTP server of a few lines that may answer anything, byte for byte, and keeps connections open.
/// </summary>
internal sealed class TinyHttp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<string, string> _answer;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>
    /// Answers each request, of which the first line is given, with what <paramref name="answer"/> returns.
    /// </summary>
    public TinyHttp(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Url => new($"http://{_listener.LocalEndpoint}");

    /// <summary>How many connections were made to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>An answer with this body.</summary>
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
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
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
            // The client or the test has gone.
        }
    }
}
