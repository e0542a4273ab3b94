using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Esddns.Access;
using Esddns.Operator.Api;
using Esddns.Operator.State;

namespace Esddns.Tests.Api;

/// <summary>Access to <c>POST /sync</c>; each permitted request gets an answer.</summary>
public sealed class SyncTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Sync_FromThisMachine_ReturnsStateAfterRound()
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(1, json.RootElement.GetProperty("round").GetInt64());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "something-new")]
    public async Task Sync_CrossOriginPage_IsRefused(string header, string value)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync", (header, value));
        await IsRefusedAsync(_host, answer, "A web page of another origin");
    }

    [Fact]
    public async Task Sync_CrossOriginPageWithToken_IsRefused()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { Token = new ApiToken("s3cret", null) });
        using var answer = await host.SendAsync(
            HttpMethod.Post,
            "/sync",
            ("Origin", "https://evil.example"),
            ("Authorization", "Bearer s3cret")
        );
        await IsRefusedAsync(host, answer, "A web page of another origin");
    }

    [Fact]
    public async Task Sync_SameOriginPage_IsAllowed()
    {
        var own = _host.Url.GetLeftPart(UriPartial.Authority);
        using var answer = await _host.SendAsync(
            HttpMethod.Post,
            "/sync",
            ("Origin", own),
            ("Sec-Fetch-Site", "same-origin")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    public async Task Sync_ThroughAProxy_IsRefused(string header, string value)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync", (header, value));
        await IsRefusedAsync(_host, answer, "127.0.0.1, or kubectl port-forward");
    }

    [Fact]
    public async Task Sync_FromAnotherAddress_NeedsToken_DespiteForwardedHeaders()
    {
        var address = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(address is null, "this host has no IPv4 address except loopback");
        var options = new ApiOptions { Token = new ApiToken("s3cret", null) };
        await using var host = await ApiHost.StartAsync(options, $"http://{address}:0");
        (string, string)[][] requests =
        [
            [],
            [("X-Forwarded-For", "127.0.0.1")],
            [("Host", "localhost")],
        ];
        foreach (var headers in requests)
        {
            using var refused = await host.SendAsync(HttpMethod.Post, "/sync", headers);
            await IsRefusedAsync(host, refused, "Esddns:Api:TokenFile");
        }

        using var answer = await host.SendAsync(HttpMethod.Post, "/sync", ("Authorization", "bearer s3cret"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Bearer s3cre")]
    [InlineData("Bearer s3cret2")]
    [InlineData("Bearer ")]
    [InlineData("Basic s3cret")]
    [InlineData("s3cret")]
    public async Task Sync_WrongToken_IsRefused(string authorization)
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { Token = new ApiToken("s3cret", null) });
        using var answer = await host.SendAsync(HttpMethod.Post, "/sync", ("Authorization", authorization));
        await IsRefusedAsync(host, answer, "The token does not match");
        Assert.DoesNotContain("s3cre", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_NoTokenConfigured_EmptyTokenIsRefused()
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync", ("Authorization", "Bearer "));
        await IsRefusedAsync(_host, answer, "The token does not match");
    }

    [Fact]
    public void TokenFile_Changed_NewTokenIsUsedAtOnce()
    {
        var file = Path.GetTempFileName();
        try
        {
            var token = new ApiToken(null, file);
            Assert.Equal("is empty.", ProblemOf(token));
            Assert.False(token.Matches(""));
            File.WriteAllText(file, "first\n");
            Assert.True(token.Matches("first"));
            File.WriteAllText(file, "other\n");
            Assert.True(token.Matches("other") && !token.Matches("first"));
            File.WriteAllText(file, "two words");
            Assert.False(token.Matches("two words"));
            File.WriteAllText(file, new string('a', 5000));
            Assert.Contains("it has 5000 bytes, more than 4096", ProblemOf(token), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.StartsWith("cannot be read: ", ProblemOf(new ApiToken(null, file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_RoundFails_ReturnsErrorWithoutDetails()
    {
        _host.Round = _ => Task.FromException<(Snapshot?, string?)>(new InvalidOperationException("token s3cret"));
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("The round failed", body, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_LeaderDoesNotAnswer_Returns503WithReason()
    {
        _host.Round = _ => Task.FromResult<(Snapshot?, string?)>((null, "the leader has not answered within 60 s"));
        using var answer = await _host.SendAsync(HttpMethod.Post, "/sync");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("the leader has not answered", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_RoundDoesNotEnd_Returns503AfterFiveMinutes()
    {
        _host.Round = NeverAsync;
        var answering = _host.SendAsync(HttpMethod.Post, "/sync");
        await _host.RoundRequested;
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        using var answer = await answering;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("within 300 s", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sync_HostStops_Returns503WithoutDelay()
    {
        _host.Round = NeverAsync;
        var answering = _host.SendAsync(HttpMethod.Post, "/sync");
        await _host.RoundRequested;
        await _host.StopAsync();
        Assert.True(_host.StoppedInTime);
        using var answer = await answering;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    private static string? ProblemOf(ApiToken token)
    {
        token.Read(out var problem);
        return problem;
    }

    private static Task<(Snapshot?, string?)> NeverAsync(CancellationToken cancellationToken) =>
        new TaskCompletionSource<(Snapshot?, string?)>().Task.WaitAsync(cancellationToken);

    private static async Task IsRefusedAsync(ApiHost host, HttpResponseMessage answer, string why)
    {
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.False(host.RoundRequested.IsCompleted);
    }
}
