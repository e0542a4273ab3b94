using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Notifications;

/// <summary>A receiver of messages over HTTP with faults. It records what it accepted.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    /// <summary>The answer of Uptime Kuma to a ping.</summary>
    public const string KumaOk = """{"ok":true}""";

    private readonly ConcurrentQueue<Func<HttpContext, Task<bool>>> _faults = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private HttpStub _http = null!;

    /// <summary>The address, with a secret path.</summary>
    public string Url => $"{_http.Url}hook/secret-path";

    public Uri Root => _http.Url;

    public IReadOnlyCollection<string> Requests => _http.Requests;

    /// <summary>The bodies of accepted messages, oldest first.</summary>
    public IReadOnlyList<JsonObject> Messages => [.. _accepted.Select(b => JsonNode.Parse(b)!.AsObject())];

    public IReadOnlyList<string> Texts => [.. Messages.Select(m => $"{m["title"]}\n{m["text"]}")];

    /// <summary>The headers of the last request.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; private set; } = new Dictionary<string, string?>();

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        receiver._http = await HttpStub.StartAsync(receiver.AnswerAsync);
        return receiver;
    }

    /// <summary>The next request gets this status.</summary>
    public void Fail(int status, string? retryAfter = null, int times = 1)
    {
        for (var i = 0; i < times; i++)
            _faults.Enqueue(context =>
            {
                context.Response.StatusCode = status;
                if (retryAfter is not null)
                    context.Response.Headers.RetryAfter = retryAfter;
                return Task.FromResult(false);
            });
    }

    /// <summary>The connection of the next request is cut, after the message was accepted or before.</summary>
    public void Cut(bool isAccepted) =>
        _faults.Enqueue(context =>
        {
            context.Abort();
            return Task.FromResult(isAccepted);
        });

    /// <summary>The next request is accepted, and gets no answer.</summary>
    public void Hang(TaskCompletionSource arrived) =>
        _faults.Enqueue(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        });

    /// <summary>The next request gets this body.</summary>
    public void Answer(string body, int status = 200) =>
        _faults.Enqueue(async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return false;
        });

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Headers = context.Request.Headers.ToDictionary(
            h => h.Key,
            h => (string?)h.Value,
            StringComparer.OrdinalIgnoreCase
        );
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (_faults.TryDequeue(out var fault))
        {
            if (!await fault(context))
                return;
        }
        else if (context.Request.Method == "GET")
            await context.Response.WriteAsync(context.Request.Path.StartsWithSegments("/api/push") ? KumaOk : "OK");
        _accepted.Enqueue(body.Length == 0 ? "{}" : body);
    }
}
