using System.Text;
using System.Text.Json;
using Esddns.Contracts;
using Esddns.Tests.Web;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Browser;

/// <summary>
/// A server in place of the operator, which streams the statuses that the test publishes, and counts requests for
/// rounds.
/// </summary>
internal sealed class LiveOperator : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private FakeOperator? _server;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StatusDocument _status;
    private int _port;
    private int _syncs;

    private LiveOperator(StatusDocument status) => _status = status;

    /// <summary>Its address, also while it is stopped.</summary>
    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>The number of the newest round.</summary>
    public long Round
    {
        get
        {
            lock (_gate)
                return _status.Round;
        }
    }

    /// <summary>The number of requests for a round.</summary>
    public int Syncs => Volatile.Read(ref _syncs);

    /// <summary>Answers a request for a round. By default at once, with the newest status.</summary>
    public Func<HttpContext, Task> Sync { get; set; } = _ => Task.CompletedTask;

    /// <summary>Starts the server with a status.</summary>
    public static async Task<LiveOperator> StartAsync(StatusDocument status)
    {
        var live = new LiveOperator(status);
        await live.StartAsync();
        return live;
    }

    /// <summary>Starts the server again, at the same address.</summary>
    public async Task StartAsync()
    {
        _server = await FakeOperator.StartAsync(
            context => context.Request.Path == "/sync" ? SyncAsync(context) : StreamAsync(context),
            _port
        );
        _port = _server.Url.Port;
    }

    /// <summary>Stops the server: all connections end.</summary>
    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    /// <summary>Publishes a newer status.</summary>
    public void Publish(StatusDocument status)
    {
        lock (_gate)
        {
            _status = status;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SyncAsync(HttpContext context)
    {
        Assert.Equal(HttpMethods.Post, context.Request.Method);
        Interlocked.Increment(ref _syncs);
        await Sync(context);
        if (context.Response.HasStarted || context.Response.StatusCode != StatusCodes.Status200OK)
            return;
        StatusDocument status;
        lock (_gate)
            status = _status;
        await FakeOperator.Whole("application/json", Json(status))(context);
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        while (true)
        {
            Task changed;
            StatusDocument status;
            lock (_gate)
                (status, changed) = (_status, _changed.Task);
            await FakeOperator.SendAsync(context, FakeOperator.Event(Json(status)));
            await changed.WaitAsync(context.RequestAborted);
        }
    }

    private static string Json(StatusDocument status) =>
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.StatusDocument));
}
