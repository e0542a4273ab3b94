using System.Text.Json;
using Esddns.Tests.Support;
using Esddns.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Web;

/// <summary>Runs the whole web service in this process.</summary>
internal sealed class WebRun : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _http;

    private WebRun(WebApplication web) =>
        (_web, _http) = (web, new HttpClient { BaseAddress = new Uri(web.Urls.First()) });

    /// <summary>The address of the service.</summary>
    public Uri Url => _http.BaseAddress!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the service.</summary>
    /// <param name="operator">The URL of the operator.</param>
    /// <param name="time">The clock; the real one if null.</param>
    /// <param name="services">Further services.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<WebRun> StartAsync(
        Uri @operator,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        IEnumerable<KeyValuePair<string, string?>>? settings = null
    )
    {
        var web = WebApp.Build(
            WebArguments.Read([]),
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["urls"] = "http://127.0.0.1:0",
                        ["services:operator:http:0"] = @operator.ToString().TrimEnd('/'),
                        ["Logging:LogLevel:Default"] = "None",
                    }
                );
                builder.Configuration.AddInMemoryCollection(settings ?? []);
                if (time is not null)
                    builder.Services.AddSingleton(time);
                services?.Invoke(builder.Services);
            }
        );
        await web.StartAsync(Cancel);
        return new WebRun(web);
    }

    /// <summary>Requests a path, with headers.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    /// <summary>Sends a request without a body.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public Task<string> PageAsync() => _http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);

    public Task<string> MetricsAsync() => _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);

    public Task<string> HealthAsync() => _http.GetStringAsync(new Uri("/health", UriKind.Relative), Cancel);

    public async Task<JsonElement> RawAsync() =>
        JsonDocument.Parse(await _http.GetStringAsync(new Uri("/raw", UriKind.Relative), Cancel)).RootElement;

    /// <summary>The number of the newest round that the service knows.</summary>
    public async Task<long> RoundAsync()
    {
        var status = await _http.GetStringAsync(new Uri("/api/v1/status", UriKind.Relative), Cancel);
        return JsonDocument.Parse(status).RootElement.GetProperty("round").GetInt64();
    }

    public async Task<string?> AddressAsync() =>
        (await RawAsync()).GetProperty("wan_ip_state").GetProperty("IP").GetString();

    public async Task<bool> IsStaleAsync() => (await RawAsync()).GetProperty("stale").GetBoolean();

    public async Task<string?> ReasonAsync() => (await RawAsync()).GetProperty("stale_reason").GetString();

    /// <summary>
    /// Waits until the service reports that it follows the operator, or that it does not. This needs no request of the
    /// page.
    /// </summary>
    public Task FollowsAsync(bool works = true)
    {
        var line = $"esddns_service_health{{component=\"operator\"}} {(works ? 1 : 0)}";
        return Eventually.IsTrueAsync(async () => (await MetricsAsync()).Contains(line, StringComparison.Ordinal));
    }

    public Task StopAsync() => _web.StopAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        // Stops at once, because open streams would delay the stop.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
    }
}
