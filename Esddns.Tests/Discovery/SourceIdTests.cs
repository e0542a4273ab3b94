using Esddns.Operator.Discovery;

namespace Esddns.Tests.Discovery;

public sealed class SourceIdTests
{
    [Theory]
    [InlineData("stun://stun.one.test:3478", "one.test")]
    [InlineData("stun://stun.one.test.:3478", "one.test")]
    [InlineData("http://echo.two.test.:80/", "two.test")]
    [InlineData("https://a.b.example.co.uk/ip", "example.co.uk")]
    [InlineData("https://co.uk/ip", "co.uk")]
    [InlineData("https://IP.Example.COM", "example.com")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("http://localhost:8080/a", "localhost")]
    [InlineData("stun://host:3478", "host")]
    [InlineData("dns://1.1.1.1/x", "cloudflare.com")]
    [InlineData("dns://1.0.0.1/x", "cloudflare.com")]
    [InlineData("dns://[2606:4700:4700::1111]/x", "cloudflare.com")]
    [InlineData("dns://16843009/x", "cloudflare.com")]
    [InlineData("dns://8.8.8.8/x", "google.com")]
    [InlineData("dns://8.8.4.4/x", "google.com")]
    [InlineData("dns://9.9.9.9/x", "quad9.net")]
    [InlineData("dns://208.67.222.222/x", "opendns.com")]
    [InlineData("dns://208.67.220.220/x", "opendns.com")]
    [InlineData("stun://192.0.2.1:3478", "192.0.2.1")]
    [InlineData("http://192.0.2.1:8080/a", "192.0.2.1")]
    [InlineData("http://[::ffff:192.0.2.1]:8080/a", "192.0.2.1")]
    [InlineData("stun://[2001:DB8:0::1]:3478", "2001:db8::1")]
    [InlineData("https://example.com/#acme", "acme")]
    [InlineData("https://example.com/#Acme", "acme")]
    [InlineData("stun://192.0.2.1#A%63me%20", "acme")]
    [InlineData("https://example.com/#", "example.com")]
    public void ProviderOf_Server(string server, string provider)
    {
        Assert.Equal(provider, SourceId.ProviderOf(new Uri(server)));
        Assert.Equal(provider, SourceId.Of(new Uri(server), EvidenceClass.Https).Provider);
    }

    [Theory]
    [InlineData("https://user:secret@echo.test/secret?secret#acme", "https://echo.test")]
    [InlineData("http://echo.test:8080/secret", "http://echo.test:8080")]
    [InlineData("stun+tcp://secret@stun.test:3478", "stun+tcp://stun.test:3478")]
    [InlineData("dns://dns.test/secret?type=A", "dns://dns.test")]
    public void Name_ExcludesUserPathAndQuery(string server, string name) =>
        Assert.Equal(name, SourceId.Of(new Uri(server), EvidenceClass.Https).Name);

    [Fact]
    public void Name_SecondSourceAtOneHost_HasANumber() =>
        Assert.Equal("https://echo.test (2)", SourceId.Of(new Uri("https://echo.test/b"), EvidenceClass.Https, 2).Name);

    [Theory]
    [InlineData("https://echo.test/", true)]
    [InlineData("http://echo.test/", false)]
    [InlineData("stun://echo.test", false)]
    [InlineData("dns://echo.test/x", false)]
    public void OnlyHttps_IsAuthenticated(string server, bool expected) =>
        Assert.Equal(expected, SourceId.Of(new Uri(server), EvidenceClass.Https).IsAuthenticated);

    [Fact]
    public void TextsFromAnotherNode_AreCleaned()
    {
        var source = new SourceId("a\u001b[31m", EvidenceClass.Stun, "B\u202e", "n\n1");
        Assert.Equal(("a[31m", "b", "n 1"), (source.Name, source.Provider, source.Via));
        Assert.Null(new SourceId("a", EvidenceClass.Stun, "b").Via);
    }

    [Fact]
    public void UnavailableReason_IsCleaned() =>
        Assert.Equal(
            "bad [2J thing",
            new Observation.Unavailable(new SourceId("a", EvidenceClass.Stun, "b"), "bad\a \u001b[2J\nthing").Reason
        );

    [Fact]
    public void ConfiguredVoters_AreCountedOnce()
    {
        var options = new DiscoveryOptions
        {
            Stun = [new("stun://a.example.com"), new("stun://b.example.com"), new("stun://192.0.2.1:1")],
            Echo = [new("https://192.0.2.1:2/"), new("https://one.test/#Example.com")],
            Dns = [],
            Interfaces = false,
        };
        Assert.Equal(["192.0.2.1", "example.com"], options.Providers.Order());
        Assert.Contains("this host", (options with { Interfaces = true }).Providers);
        Assert.True(new DiscoveryOptions().Providers.Count >= 6);
    }
}
