using Esddns.Operator.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Discovery;

/// <summary>Creation of the sources from the configuration.</summary>
public sealed class DiscoveryExtensionsTests
{
    [Fact]
    public void ConfiguredSources_HaveUniqueNames()
    {
        var options = new DiscoveryOptions
        {
            Stun = [new("stun://a.example:1"), new("stun://b.example:1"), new("stun://a.example:1")],
            Dns = [new("dns://a.example/x"), new("dns://a.example/y")],
            Echo = [new("https://a.example/1"), new("https://a.example/2")],
        };
        string[] expected =
        [
            "interface",
            "stun://a.example:1",
            "stun://a.example:1 (2)",
            "stun://b.example:1",
            "dns://a.example",
            "dns://a.example (2)",
            "https://a.example",
            "https://a.example (2)",
        ];
        Assert.Equal(expected, Names(options));
        Assert.Equal(expected[1..], Names(options with { Interfaces = false }));
        Assert.Equal(["a.example", "b.example", "this host"], options.Providers.Order());
    }

    [Fact]
    public void HttpClient_IsRegisteredOnlyForEchoServices()
    {
        var options = new DiscoveryOptions
        {
            Stun = [],
            Dns = [],
            Echo = [],
        };
        Assert.Equal(["interface"], Names(options));
        Assert.Null(Provider(options).GetService<IHttpClientFactory>());
        Assert.NotNull(Provider(options with { Echo = [new("https://a.example/")] }).GetService<IHttpClientFactory>());
    }

    [Fact]
    public void Defaults_HaveThreeServersInEachClass()
    {
        var options = new DiscoveryOptions();
        Assert.Equal((3, 3, 3, true), (options.Stun.Count, options.Dns.Count, options.Echo.Count, options.Interfaces));
        Assert.All(options.Echo, e => Assert.Equal(Uri.UriSchemeHttps, e.Scheme));
        Assert.Equal(8, options.Providers.Count);
    }

    private static string[] Names(DiscoveryOptions options) =>
        [.. Provider(options).GetServices<IAddressSource>().Select(s => s.Id.Name)];

    private static ServiceProvider Provider(DiscoveryOptions options) =>
        new ServiceCollection().AddSingleton(TimeProvider.System).AddDiscovery(options).BuildServiceProvider();
}
