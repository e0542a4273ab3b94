namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>Puts a name server that takes dynamic updates behind the provider port.</summary>
internal static class UpdateExtensions
{
    /// <summary>Adds the provider.</summary>
    public static IServiceCollection AddUpdate(this IServiceCollection services, UpdateOptions options)
    {
        services.AddSingleton(options).AddSingleton(TtlRange.Any);
        services.AddSingleton<IDnsProvider, UpdateProvider>().AddSingleton<IDnsProviders, SingleProvider>();
        if (options.KeyFile is { } file)
            services.AddSingleton(new CredentialFile(file));
        return services;
    }
}
