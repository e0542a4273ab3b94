using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Discovery.Whoami;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Discovery;

/// <summary>Registers the address sources.</summary>
internal static class DiscoveryExtensions
{
    /// <summary>Adds all configured sources.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services, DiscoveryOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<SourcePoller>();
        services.AddSingleton<Canary>();
        services.TryAddSingleton<HostAddresses>();
        if (options.Interfaces)
            services.AddSingleton<IAddressSource, InterfaceSource>();
        foreach (var (uri, number) in Numbered(options.Stun))
            services.AddSingleton<IAddressSource>(s => new StunSource(
                uri,
                s.GetRequiredService<TimeProvider>(),
                number
            ));
        foreach (var (uri, number) in Numbered(options.Dns))
            services.AddSingleton<IAddressSource>(s => new WhoamiSource(
                uri,
                s.GetRequiredService<TimeProvider>(),
                number
            ));
        foreach (var (uri, number) in Numbered(options.Echo))
            services.AddSingleton<IAddressSource>(s => new EchoSource(
                uri,
                s.GetRequiredService<IHttpClientFactory>(),
                number
            ));
        if (options.Echo.Count > 0)
            services.AddEchoClients();
        return services;
    }

    /// <summary>Numbers the sources of one host, so that their names differ.</summary>
    private static IEnumerable<(Uri Server, int Number)> Numbered(IEnumerable<Uri> servers) =>
        servers.GroupBy(SourceId.NameOf).SelectMany(same => same.Select((server, i) => (server, i + 1)));
}
