using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Esddns.Tests.Notifications;

/// <summary>Answers each command with the next reply, and closes the connection after the last one.</summary>
internal sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    public FakeMailServer(params string[] replies)
    {
        _listener.Start();
        _serving = ServeAsync(replies);
    }

    public List<string> Commands { get; } = [];

    /// <summary>Completes with the first connection.</summary>
    public Task Accepted => _accepted.Task;

    public string Url => $"smtp://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync(string[] replies)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var client = await _listener.AcceptTcpClientAsync(cancel);
        _accepted.SetResult();
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        for (var i = 0; i < replies.Length; i++)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(replies[i]), cancel);
            if (await reader.ReadLineAsync(cancel) is not { } line)
                return;
            Commands.Add(line);
        }
    }
}
