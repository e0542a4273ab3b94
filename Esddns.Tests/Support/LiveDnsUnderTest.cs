using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Support;

/// <summary>Creates the LiveDNS provider as the operator does.</summary>
internal static class LiveDnsUnderTest
{
    /// <summary>Creates a provider with these options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock; the real one if null.</param>
    /// <param name="leadership">The leadership; permanent if null.</param>
    /// <param name="handler">Replaces the network, if set.</param>
    public static IDnsProvider Provider(
        LiveDnsOptions options,
        TimeProvider? time = null,
        ILeadership? leadership = null,
        HttpMessageHandler? handler = null
    )
    {
        var services = new ServiceCollection()
            .AddMetrics()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(leadership ?? new AlwaysLeader())
            .AddSingleton<OperatorMetrics>();
        new LiveDnsSetup(options).AddTo(services);
        if (handler is not null)
            services.AddHttpClient(nameof(LiveDnsProviders)).ConfigurePrimaryHttpMessageHandler(() => handler);
        return services.BuildServiceProvider().GetRequiredService<IDnsProvider>();
    }

    /// <summary>Creates a provider for this server.</summary>
    public static IDnsProvider Provider(HttpStub server, TimeProvider? time = null, ILeadership? leadership = null) =>
        Provider(Options(server), time, leadership);

    /// <summary>The options for this server.</summary>
    public static LiveDnsOptions Options(HttpStub server) =>
        new() { BaseUrl = new(server.Url, "/v5/livedns"), Token = "secret-token" };

    /// <summary>The value of a successful lookup.</summary>
    public static T Value<T>(LookupResult<T> answer) => Assert.IsType<LookupResult<T>.Available>(answer).Value;

    /// <summary>The fault of a failed lookup.</summary>
    public static ProviderFault Fault<T>(LookupResult<T> answer) =>
        Assert.IsType<LookupResult<T>.Unavailable>(answer).Fault;
}
