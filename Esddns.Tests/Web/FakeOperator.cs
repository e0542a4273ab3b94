using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Esddns.Tests.Web;

/// <summary>A server in place of the operator. The test defines its answers.</summary>
internal sealed class FakeOperator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private FakeOperator(WebApplication app, RequestDelegate answer)
    {
        _app = app;
        Answer = answer;
    }

    /// <summary>Answers a request.</summary>
    public RequestDelegate Answer { get; set; }

    /// <summary>The number of requests.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public Uri Url => new(_app.Urls.First());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the server; a port restarts it at the address of an earlier one.</summary>
    public static async Task<FakeOperator> StartAsync(RequestDelegate answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = $"http://{IPAddress.Loopback}:{port}";
        var app = builder.Build();
        var @operator = new FakeOperator(app, answer);
        app.Run(context =>
        {
            Interlocked.Increment(ref @operator._calls);
            return @operator.Answer(context);
        });
        await app.StartAsync(Cancel);
        return @operator;
    }

    /// <summary>An answer that streams these events and then stays open.</summary>
    public static RequestDelegate Stream(params string[] events) =>
        async context =>
        {
            foreach (var text in events)
                await SendEventAsync(context, text);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var gone = new TaskCompletionSource();
            using var abort = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        };

    /// <summary>An answer that streams this status.</summary>
    public static RequestDelegate Status(string json) => Stream(Event(json));

    /// <summary>Sends and flushes a part of a stream.</summary>
    public static Task SendEventAsync(HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        return SendAsync(context, text);
    }

    /// <summary>Sends and flushes a part of an answer.</summary>
    public static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>A complete answer.</summary>
    public static RequestDelegate Whole(string contentType, string text) =>
        context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(text, context.RequestAborted);
        };

    /// <summary>An event in the format of the operator.</summary>
    public static string Event(string json) => $"event: status\ndata: {json.ReplaceLineEndings("")}\n\n";

    /// <summary>A status with one record, and with additional fields of the record and of the document.</summary>
    public static string Json(
        string address = "203.0.113.10",
        bool inSync = true,
        string record = "",
        string whole = ""
    ) =>
        $$"""
            {"round":1,"at":"2026-11-25T08:00:00Z","by":"here","inSync":{{(inSync ? "true" : "false")}},
             "wan":[{"family":"IPv4","address":"{{address}}","verdict":"Agreed","votes":[],"signs":[]}],
             "records":[{"key":{"zone":"example.com","name":"home","type":"A"},"fqdn":"home.example.com","ttl":300,
                         "inSync":{{(
                inSync ? "true" : "false"
            )}},"outcome":"Noop","current":["{{address}}"]{{record}}}],
             "history":[]{{whole}}}
            """;

    public async ValueTask DisposeAsync()
    {
        // Stops at once, because open streams would delay the stop.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
