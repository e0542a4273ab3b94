using System.Net;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Web.Access;

/// <summary>Who may read when reading is closed.</summary>
public sealed class ReadAccessTests : IAsyncLifetime
{
    private const string Token = "t0ken-of-programs";
    private const string User = "alice:c0rrect horse";
    private readonly SecretText _token = new($"{Token}\n");
    private readonly SecretText _passwords = new($"# people\nbob:other\n\n{User}\n");
    private FakeOperator _operator = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _operator = await FakeOperator.StartAsync(FakeOperator.Status(Statuses.Mixed));

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        _token.Dispose();
        _passwords.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/raw")]
    [InlineData("/RAW")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/events")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/badge/home.example.com/A.svg")]
    [InlineData("/assets/0123456789abcdef/page.css")]
    [InlineData("/health/x")]
    [InlineData("/nothing")]
    public async Task Closed_WithoutCredentials_EachPathIs401_AndTellsTheSchemes(string path)
    {
        await using var web = await ClosedAsync();
        using var answer = await web.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["Basic", "Bearer"], answer.Headers.WwwAuthenticate.Select(h => h.Scheme));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.DoesNotContain("example.com", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    [InlineData("/metrics")]
    public async Task Closed_ProbesAndMetricsAreOpen_AndNameNoRecord(string path)
    {
        await using var web = await ClosedAsync();
        await web.FollowsAsync();
        using var answer = await web.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("example.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_WithTokenOrPassword_IsAnswered()
    {
        await using var web = await ClosedAsync();
        foreach (
            var header in new[] { SecretText.Bearer(Token), SecretText.Basic(User), SecretText.Basic("bob:other") }
        )
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, header));
    }

    [Theory]
    [InlineData("Bearer", "t0ken-of-program")]
    [InlineData("Bearer", "t0ken-of-programs2")]
    [InlineData("Bearer", "")]
    [InlineData("Basic", "alice:wrong")]
    [InlineData("Basic", "alice:")]
    [InlineData("Basic", "bob:c0rrect horse")]
    [InlineData("Basic", "# people")]
    [InlineData("Basic", "")]
    [InlineData("Basic", "t0ken-of-programs")]
    public async Task Closed_WrongCredentials_Are401(string scheme, string text)
    {
        await using var web = await ClosedAsync();
        var header = scheme == "Basic" ? SecretText.Basic(text) : SecretText.Bearer(text);
        using var answer = await web.GetAsync("/raw", header);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("wrong", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_BrokenBase64_Is401()
    {
        await using var web = await ClosedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, ("Authorization", "Basic !!!")));
    }

    [Fact]
    public async Task FilesChanged_NewSecretsAreUsedAtOnce_AndOldOnesRefused()
    {
        await using var web = await ClosedAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, SecretText.Bearer(Token)));
        _token.Write("second");
        _passwords.Write("alice:second\n");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, SecretText.Bearer(Token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, SecretText.Basic(User)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, SecretText.Bearer("second")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, SecretText.Basic("alice:second")));
    }

    [Fact]
    public async Task TooManyWrongCredentials_Are429_EvenWithTheRightOnes_UntilTheWindowEnds()
    {
        var time = new FakeTimeProvider();
        await using var web = await ClosedAsync(time);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, SecretText.Bearer($"guess{i}")));
        using var limited = await web.GetAsync("/raw", SecretText.Bearer(Token));
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, SecretText.Bearer(Token)));
    }

    /// <summary>With and without the middleware of ASP.NET Core that reads the header.</summary>
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task BehindATrustedProxy_EachClientHasItsOwnLimit(string isMoved)
    {
        var settings = Closed();
        settings["ForwardedHeaders_Enabled"] = isMoved;
        settings["Esddns:Web:Access:TrustedProxies"] = "127.0.0.1";
        await using var web = await StartAsync(settings, new FakeTimeProvider());
        // Only the last address is that of the proxy; the client sent the others.
        for (var i = 0; i < 10; i++)
            await StatusAsync(web, ("X-Forwarded-For", $"192.0.2.{i}, 203.0.113.9"), SecretText.Bearer($"guess{i}"));
        (string, string) right = SecretText.Bearer(Token);
        var mapped = ("X-Forwarded-For", "::ffff:203.0.113.9");
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(web, mapped, right));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, ("X-Forwarded-For", "203.0.113.10"), right));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, right));
    }

    [Fact]
    public async Task Open_WrongCredentials_DoNotHinderReading()
    {
        await using var web = await StartAsync(
            new() { ["Esddns:Web:Access:Reading"] = "Open", ["Esddns:Web:Access:TokenFile"] = _token.Path }
        );
        for (var i = 0; i < 12; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(web, SecretText.Bearer("of another service")));
    }

    [Fact]
    public async Task Secrets_AreInNoLogAnswerOrMetric()
    {
        var logs = new CountingLogs();
        await using var web = await StartAsync(Closed(), null, logs);
        var texts = new List<string>();
        (string, string)[] headers =
        [
            SecretText.Bearer(Token),
            SecretText.Basic(User),
            SecretText.Basic($"{User}2"),
            SecretText.Bearer($"{Token}2"),
        ];
        foreach (var header in headers)
        foreach (var path in new[] { "/raw", "/", "/api/v1/status", "/nothing" })
        {
            using var answer = await web.GetAsync(path, header);
            texts.Add($"{answer.Headers}{await answer.Content.ReadAsStringAsync(Cancel)}");
        }

        _passwords.Write("a line without a colon c0rrect horse");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, SecretText.Basic(User)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(web, SecretText.Basic(User)));
        Assert.Equal(1, logs.Count("CredentialsUnusable"));
        texts.Add(await web.MetricsAsync());
        texts.AddRange(logs.Lines);
        var encoded = SecretText.Basic(User).Value[6..];
        foreach (var secret in new[] { Token, "c0rrect horse", encoded })
            Assert.DoesNotContain(texts, t => t.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(WebRun web, params (string, string)[] headers)
    {
        using var answer = await web.GetAsync("/raw", headers);
        return answer.StatusCode;
    }

    private Dictionary<string, string?> Closed() =>
        new()
        {
            ["Esddns:Web:Access:Reading"] = "Closed",
            ["Esddns:Web:Access:TokenFile"] = _token.Path,
            ["Esddns:Web:Access:PasswordFile"] = _passwords.Path,
        };

    private Task<WebRun> ClosedAsync(TimeProvider? time = null) => StartAsync(Closed(), time);

    private Task<WebRun> StartAsync(
        Dictionary<string, string?> settings,
        TimeProvider? time = null,
        CountingLogs? logs = null
    )
    {
        if (logs is not null)
            settings["Logging:LogLevel:Default"] = "Trace";
        return WebRun.StartAsync(_operator.Url, time, services => logs?.AddTo(services), settings);
    }
}
