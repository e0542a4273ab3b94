using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.Tests.Support;

/// <summary>The LiveDNS provider as the operator puts it together.</summary>
internal static class LiveDnsUnderTest
{
    /// <summary>One for these options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock; else the real one.</param>
    /// <param name="leadership">Whether it may write; else it may.</param>
    /// <param name="handler">In place of the network.</param>
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

    /// <summary>One for this server.</summary>
    public static IDnsProvider Provider(HttpStub server, TimeProvider? time = null, ILeadership? leadership = null) =>
        Provider(Options(server), time, leadership);

    /// <summary>The options for this server.</summary>
    public static LiveDnsOptions Options(HttpStub server) =>
        new() { BaseUrl = new(server.Url, "/v5/livedns"), Token = "secret-token" };

    /// <summary>What the provider answered.</summary>
    public static T Known<T>(LookupResult<T> answer) => Assert.IsType<LookupResult<T>.Available>(answer).Value;

    /// <summary>Why it did not.</summary>
    public static ProviderFault Fault<T>(LookupResult<T> answer) =>
        Assert.IsType<LookupResult<T>.Unavailable>(answer).Fault;
}
