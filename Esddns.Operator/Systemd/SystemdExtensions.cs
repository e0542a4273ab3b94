namespace Esddns.Operator.Systemd;

/// <summary>Registers the notifications to systemd.</summary>
internal static class SystemdExtensions
{
    /// <summary>Adds the notifications if systemd, or another manager with the same protocol, waits for them.</summary>
    public static IServiceCollection AddSystemd(this IServiceCollection services, Func<string, string?> environment)
    {
        if (ServiceManager.Read(environment) is { } manager)
            services.AddSingleton(manager).AddHostedService<ServiceNotifier>();
        return services;
    }
}
