using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web.Access;

/// <summary><c>POST /api/v1/sync</c>: who may request a round, how often, and each answer.</summary>
public sealed class WebSyncTests : IAsyncLifetime
{
    private const string Path = "/api/v1/sync";
    private readonly ConcurrentQueue<string> _received = new();
    private readonly FakeTimeProvider _time = new();
    private FakeOperator _operator = null!;
    private RequestDelegate _sync = FakeOperator.Whole("application/json", FakeOperator.Json());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var stream = FakeOperator.Status(FakeOperator.Json());
        _operator = await FakeOperator.StartAsync(context =>
        {
            if (context.Request.Path != "/sync")
                return stream(context);
            _received.Enqueue($"{context.Request.Method} {context.Request.Headers.Authorization}");
            return _sync(context);
        });
    }

    public ValueTask DisposeAsync() => _operator.DisposeAsync();

    [Fact]
    public async Task FromThisMachine_AnswersAtTheEndOfTheRound()
    {
        await using var web = await StartAsync();
        using var answer = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var done = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal(1, done.GetProperty("round").GetInt64());
        Assert.Equal("InSync", done.GetProperty("state").GetString());
        Assert.Equal(0, done.GetProperty("seconds").GetDouble());
        Assert.Equal(["POST "], _received);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "evil.example")]
    public async Task PageOfAnotherOrigin_ProxyOrRebinding_Is403_AndOfferedNoButton(string header, string value)
    {
        await using var web = await StartAsync();
        await IsRefusedAsync(web, HttpStatusCode.Forbidden, (header, value));
        using var page = await web.GetAsync("/", (header, value));
        var isPageOfOther = header is "Origin" or "Sec-Fetch-Site";
        var text = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(isPageOfOther, text.Contains("id=\"check\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RebindingPage_IsOfTheSameOrigin_AndStill403()
    {
        await using var web = await StartAsync();
        var host = $"evil.example:{web.Url.Port}";
        (string, string)[] headers = [("Host", host), ("Origin", $"http://{host}"), ("Sec-Fetch-Site", "same-origin")];
        await IsRefusedAsync(web, HttpStatusCode.Forbidden, headers);
    }

    [Fact]
    public async Task PageOfThisService_IsAllowed()
    {
        await using var web = await StartAsync();
        var own = web.Url.GetLeftPart(UriPartial.Authority);
        using var answer = await web.SendAsync(
            HttpMethod.Post,
            Path,
            ("Origin", own),
            ("Sec-Fetch-Site", "same-origin")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task WithCredentials_IsAllowedThroughAProxy_AndTheOperatorGetsItsOwnToken()
    {
        using var token = new SecretText("of-visitors");
        using var own = new SecretText("of-operator\n");
        await using var web = await StartAsync(
            ("Esddns:Web:Access:Reading", "Open"),
            ("Esddns:Web:Access:TokenFile", token.Path),
            ("Esddns:Web:OperatorTokenFile", own.Path)
        );
        var proxy = ("X-Forwarded-For", "203.0.113.9");
        await IsRefusedAsync(web, HttpStatusCode.Unauthorized, proxy);
        await IsRefusedAsync(web, HttpStatusCode.Unauthorized, proxy, SecretText.Bearer("of-operator"));
        await IsRefusedAsync(web, HttpStatusCode.Unauthorized, SecretText.Bearer("wrong"));
        var foreign = ("Origin", "https://evil.example");
        await IsRefusedAsync(web, HttpStatusCode.Forbidden, foreign, SecretText.Bearer("of-visitors"));
        using var answer = await web.SendAsync(HttpMethod.Post, Path, proxy, SecretText.Bearer("of-visitors"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        own.Write("rotated");
        _time.Advance(TimeSpan.FromSeconds(10));
        using var next = await web.SendAsync(HttpMethod.Post, Path, proxy, SecretText.Bearer("of-visitors"));
        Assert.Equal(["POST Bearer of-operator", "POST Bearer rotated"], _received);
    }

    [Fact]
    public async Task SecondRequest_Is429_UntilTenSecondsLater()
    {
        await using var web = await StartAsync();
        using var first = await web.SendAsync(HttpMethod.Post, Path);
        _time.Advance(TimeSpan.FromSeconds(4));
        using var second = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(6), second.Headers.RetryAfter?.Delta);
        _time.Advance(TimeSpan.FromSeconds(6));
        using var third = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal(2, _received.Count);
    }

    [Fact]
    public async Task WhileOneRuns_AnotherIs429_AndTheDeadlineIs504()
    {
        _sync = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var web = await StartAsync();
        var running = web.SendAsync(HttpMethod.Post, Path);
        await Eventually.IsTrueAsync(() => !_received.IsEmpty);
        _time.Advance(TimeSpan.FromSeconds(30));
        using var second = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        _time.Advance(TimeSpan.FromSeconds(25));
        using var first = await running;
        Assert.Equal(HttpStatusCode.GatewayTimeout, first.StatusCode);
        Assert.Contains("within 55 s", await first.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        _sync = FakeOperator.Whole("application/json", FakeOperator.Json(inSync: false));
        using var third = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Contains(
            "\"state\":\"Unknown\"",
            await third.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(403, "", 502, "Esddns:Web:OperatorTokenFile")]
    [InlineData(500, "", 502, "see the log of the operator")]
    [InlineData(503, """{"detail":"the leader\u001b has not answered"}""", 503, "the leader has not answered")]
    [InlineData(503, """{"detail":"\ud800"}""", 503, "cannot run a round now")]
    [InlineData(503, "[]", 503, "cannot run a round now")]
    [InlineData(302, "", 502, "The operator answered 302")]
    [InlineData(200, "<html>", 502, "no valid status")]
    public async Task FailureOfTheOperator_IsOneClearLine(int code, string body, int expected, string detail)
    {
        _sync = context =>
        {
            context.Response.StatusCode = code;
            return context.Response.WriteAsync(body, context.RequestAborted);
        };
        await using var web = await StartAsync();
        await IsProblemAsync(web, expected, detail);
    }

    [Theory]
    [InlineData(200, "too large")]
    [InlineData(404, "The operator answered 404")]
    public async Task AnswerWithoutEnd_Is502(int code, string detail)
    {
        _sync = async context =>
        {
            context.Response.StatusCode = code;
            var chunk = new byte[1024 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };
        await using var web = await StartAsync();
        await IsProblemAsync(web, 502, detail);
    }

    [Fact]
    public async Task OperatorAway_Is503()
    {
        await using var web = await WebRun.StartAsync(new Uri("http://127.0.0.1:9"));
        await IsProblemAsync(web, 503, "Cannot reach the operator: ");
    }

    private static async Task IsProblemAsync(WebRun web, int expected, string detail)
    {
        using var answer = await web.SendAsync(HttpMethod.Post, Path);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task IsRefusedAsync(WebRun web, HttpStatusCode expected, params (string, string)[] headers)
    {
        using var answer = await web.SendAsync(HttpMethod.Post, Path, headers);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(_received);
    }

    private Task<WebRun> StartAsync(params (string Key, string Value)[] settings) =>
        WebRun.StartAsync(
            _operator.Url,
            _time,
            settings: settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))
        );
}
