using System.Net;
using Esddns.Operator.Api;

namespace Esddns.Tests.Api;

/// <summary>The host names for which the operator's API answers.</summary>
public sealed class AllowedHostsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8080")]
    [InlineData("localhost:8080")]
    [InlineData("LOCALHOST.")]
    [InlineData("operator.localhost")]
    [InlineData("192.0.2.7:8080")]
    [InlineData("[2001:db8::7]")]
    [InlineData("esddns-operator:8080")]
    [InlineData("esddns-operator.esddns-system")]
    [InlineData("esddns-operator.esddns-system.svc:8080")]
    [InlineData("Esddns-Operator.esddns-system.svc.cluster.local")]
    public async Task Status_AllowedHostName_IsAnswered(string host)
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, "/status", ("Host", host));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public Task Status_NameOfThisHost_IsAnswered() => Status_AllowedHostName_IsAnswered(System.Net.Dns.GetHostName());

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("evillocalhost")]
    [InlineData("esddns-operator.com")]
    [InlineData("esddns-operator.esddns-system.svc.cluster.local.evil.example")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    public async Task AnyPath_ForeignHostName_IsRefusedInOneLine(string host)
    {
        foreach (var path in new[] { "/status", "/status/stream", "/metrics", "/health", "/alive", "/nothing" })
        {
            using var answer = await _host.SendAsync(HttpMethod.Get, path, ("Host", host));
            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
            var body = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.EndsWith("or add the name to Esddns:Api:AllowedHosts.\"}", body, StringComparison.Ordinal);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        using var sync = await _host.SendAsync(HttpMethod.Post, "/sync", ("Host", host));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, sync.StatusCode);
        Assert.False(_host.RoundRequested.IsCompleted);
    }

    [Fact]
    public async Task Status_ConfiguredHostName_IsAnswered()
    {
        await using var host = await ApiHost.StartAsync(new ApiOptions { AllowedHosts = ["ddns.example.com"] });
        using var answer = await host.SendAsync(HttpMethod.Get, "/status", ("Host", "DDNS.example.com:8080"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
