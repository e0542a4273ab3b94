using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.DeadMan;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Mail;
using Esddns.Operator.Notifications.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Notifications;

/// <summary>Registers notifications.</summary>
internal static class NotificationExtensions
{
    /// <summary>Adds what sends single messages.</summary>
    public static void AddNotificationChannels(this IServiceCollection services, NotificationOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<HttpSender>();
        services.AddSingleton(s =>
            Array.ConvertAll(Array.FindAll(options.Channels, c => !c.IsPing), c => Create(c, options, s))
        );
        services.AddSingleton(s =>
            Array.ConvertAll(
                Array.FindAll(options.Channels, c => c.IsPing),
                c => new PingTarget(c, s.GetRequiredService<HttpSender>())
            )
        );
    }

    /// <summary>Adds the queue and the pings. Nothing runs for a type of channel that is not configured.</summary>
    public static void AddNotifications(this IServiceCollection services, NotificationOptions options)
    {
        services.AddNotificationChannels(options);
        services.AddSingleton<NotificationMetrics>();
        services.AddSingleton<RetryRule>();
        services.TryAddSingleton<ILedgerStore, LedgerFile>();
        services.AddSingleton<EventFinder>();
        services.AddSingleton<Delivery>();
        if (Array.Exists(options.Channels, c => !c.IsPing))
        {
            services.AddSingleton<Notifier>();
            services.AddHostedService(s => s.GetRequiredService<Notifier>());
        }

        if (Array.Exists(options.Channels, c => c.IsPing))
            services.AddHostedService<DeadManPings>();
    }

    private static IChannel Create(ChannelOptions channel, NotificationOptions options, IServiceProvider services) =>
        channel.Type == ChannelType.Smtp
            ? new MailChannel(channel, options, services.GetRequiredService<TimeProvider>())
            : new HttpChannel(channel, services.GetRequiredService<HttpSender>());
}
