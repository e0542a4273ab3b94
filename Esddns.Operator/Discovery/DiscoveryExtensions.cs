using Esddns.Operator.Discovery.Echo;
using Esddns.Operator.Discovery.Interfaces;
using Esddns.Operator.Discovery.Stun;
using Esddns.Operator.Discovery.Whoami;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Discovery;

/// <summary>Puts the address sources together.</summary>
internal static class DiscoveryExtensions
{
    /// <summary>Adds every configured source.</summary>
    public static IServiceCollection AddDiscovery(this IServiceCollection services, DiscoveryOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<Discoverer>();
        services.TryAddSingleton<HostAddresses>();
        foreach (var server in options.Stun)
            services.AddSingleton<IAddressSource>(s => new StunSource(server, s.GetRequiredService<TimeProvider>()));
        if (options.Interfaces) services.AddSingleton<IAddressSource, InterfaceSource>();
        foreach (var service in options.Dns)
            services.AddSingleton<IAddressSource>(s => new WhoamiSource(service, s.GetRequiredService<TimeProvider>()));
        if (options.Echo.Count == 0) return services;
        services.AddEchoClients();
        foreach (var service in options.Echo)
            services.AddSingleton<IAddressSource>(s => new EchoSource(service, s.GetRequiredService<IHttpClientFactory>()));
        return services;
    }
}
