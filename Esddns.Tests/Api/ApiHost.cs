using System.Net.Sockets;
using Esddns.Access;
using Esddns.Operator.Api;
using Esddns.Operator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Api;

/// <summary>The operator's API on a real web server, with rounds that the test controls.</summary>
internal sealed class ApiHost : IAsyncDisposable, ISyncRequests, IStatePersistence, IHostedService
{
    private readonly TaskCompletionSource _roundRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private int _requests;

    private ApiHost(ApiOptions options, string url)
    {
        State = new StateStore(this, TimeProvider.System);
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = url,
                ["Logging:LogLevel:Default"] = "None",
                // As in the manifests. Headers then determine the apparent address of the client.
                ["ForwardedHeaders_Enabled"] = "true",
            }
        );
        // The host stops the first service last.
        builder.Services.AddHostedService(_ => this);
        builder.AddServiceDefaults();
        builder
            .Services.AddSingleton<TimeProvider>(Time)
            .AddSingleton(State)
            .AddSingleton<ISyncRequests>(this)
            .AddSingleton<IStateRefresher, NoRefresh>();
        builder.Services.AddStatusApi(options);
        _app = builder.Build();
        _app.Use(
            async (context, next) =>
            {
                Interlocked.Increment(ref _requests);
                try
                {
                    await next(context);
                }
                finally
                {
                    Interlocked.Decrement(ref _requests);
                }
            }
        );
        _app.UseAllowedHosts(new AllowedHosts([.. options.AllowedHosts, .. ServiceNames.In(null)]));
        _app.MapDefaultEndpoints();
        _app.MapStatusApi();
    }

    public FakeTimeProvider Time { get; } = new();

    public StateStore State { get; }

    /// <summary>Returns the result of a round.</summary>
    public Func<CancellationToken, Task<(Snapshot?, string?)>> Round { get; set; } =
        _ => Task.FromResult<(Snapshot?, string?)>((new Snapshot { Round = 1 }, null));

    /// <summary>Completes with the first request for a round.</summary>
    public Task RoundRequested => _roundRequested.Task;

    /// <summary>The number of running requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Whether the other services had time left at shutdown; null before shutdown.</summary>
    public bool? StoppedInTime { get; private set; }

    public Uri Url => new(_app.Urls.First());

    public string? Problem => null;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ApiHost> StartAsync(ApiOptions? options = null, string url = "http://127.0.0.1:0")
    {
        var host = new ApiHost(options ?? new ApiOptions(), url);
        await host._app.StartAsync(Cancel);
        return host;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(Url, path));
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await http.SendAsync(request, Cancel);
    }

    /// <summary>Opens a connection with a small receive buffer and requests the stream, without reading it.</summary>
    public async Task<TcpClient> StreamAsync()
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(Url.Host, Url.Port, Cancel);
        var request = "GET /status/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        await client.GetStream().WriteAsync(request, Cancel);
        return client;
    }

    public Task StopAsync() => _app.StopAsync(Cancel);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    Task<(Snapshot? Snapshot, string? Problem)> ISyncRequests.RequestAsync(CancellationToken cancellationToken)
    {
        _roundRequested.TrySetResult();
        return Round(cancellationToken);
    }

    Snapshot IStatePersistence.Load() => Snapshot.Empty;

    Task<bool> IStatePersistence.SaveAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        StoppedInTime = !cancellationToken.IsCancellationRequested;
        return Task.CompletedTask;
    }
}
