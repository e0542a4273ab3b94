using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Esddns.Tests.Support;

/// <summary>A real HTTP server on loopback. The test defines its answers, and it records all requests.</summary>
internal sealed class HttpStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpStub(WebApplication app) => _app = app;

    /// <summary>The base URL.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Method, path and query of each request, oldest first.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Starts a server.</summary>
    public static async Task<HttpStub> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new HttpStub(app);
        app.Run(context =>
        {
            stub.Requests.Enqueue($"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()}");
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    /// <summary>Starts a server with a constant answer.</summary>
    public static Task<HttpStub> StartAsync(int status, string body = "", Action<IHeaderDictionary>? headers = null) =>
        StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            headers?.Invoke(context.Response.Headers);
            return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
        });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
