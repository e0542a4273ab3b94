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
        services.TryAddSingleton<MailTls>();
        services.AddSingleton<IReadOnlyList<IChannel>>(s =>
            [.. options.Channels.Where(c => !c.IsPing).Select(c => Create(c, s))]
        );
        services.AddSingleton<IReadOnlyList<PingTarget>>(s =>
            [
                .. options
                    .Channels.Where(c => c.IsPing)
                    .Select(c => new PingTarget(c, s.GetRequiredService<HttpSender>())),
            ]
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
        if (options.Channels.Any(c => !c.IsPing))
        {
            services.AddSingleton<Notifier>();
            services.AddHostedService(s => s.GetRequiredService<Notifier>());
        }

        if (options.Channels.Any(c => c.IsPing))
            services.AddHostedService<DeadManPings>();
    }

    private static IChannel Create(ChannelOptions channel, IServiceProvider services) =>
        channel.Type == ChannelType.Smtp
            ? ActivatorUtilities.CreateInstance<MailChannel>(services, channel)
            : new HttpChannel(channel, services.GetRequiredService<HttpSender>());
}
