using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Esddns.Operator.Systemd;

/// <summary>Registers the notifications to systemd.</summary>
internal static class SystemdExtensions
{
    /// <summary>Adds the notifications if systemd, or another manager with the same protocol, waits for them.</summary>
    /// <remarks>
    /// <c>UseSystemd</c> of the package would also replace the configured format of the log, and has no watchdog.
    /// </remarks>
    public static IServiceCollection AddSystemd(this IServiceCollection services, Func<string, string?> environment)
    {
        var notifier = new SystemdNotifier();
        if (notifier.IsEnabled)
        {
            services.AddSingleton<ISystemdNotifier>(notifier).AddHostedService<ServiceNotifier>();
            services.AddSingleton(new Watchdog(Limit(environment)));
        }

        return services;
    }

    /// <summary>The limit of the watchdog, by sd_watchdog_enabled(3). Null without a watchdog.</summary>
    internal static TimeSpan? Limit(Func<string, string?> environment)
    {
        // The variables are those of another process if a wrapper started this one.
        var isOurs = environment("WATCHDOG_PID") is not { } pid || pid == $"{Environment.ProcessId}";
        var isTimed = long.TryParse(environment("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds);
        return isOurs && isTimed && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
    }
}
