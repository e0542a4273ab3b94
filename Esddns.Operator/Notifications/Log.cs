namespace Esddns.Operator.Notifications;

/// <summary>The log events of this folder, 7000 to 7099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        7000,
        LogLevel.Warning,
        "Cannot send to the notification channel {Channel}: {Problem}; retrying",
        EventName = "ChannelFailed"
    )]
    public static partial void ChannelFailed(this ILogger logger, string channel, string problem);

    [LoggerMessage(
        7001,
        LogLevel.Information,
        "The notification channel {Channel} works again",
        EventName = "ChannelRestored"
    )]
    public static partial void ChannelRestored(this ILogger logger, string channel);

    [LoggerMessage(
        7002,
        LogLevel.Error,
        "Cannot store the queue of notifications: {Problem}; retrying",
        EventName = "QueueNotStored"
    )]
    public static partial void QueueNotStored(this ILogger logger, string problem);

    [LoggerMessage(
        7003,
        LogLevel.Error,
        "Cannot read the queue of notifications: {Problem}; its messages are lost",
        EventName = "QueueUnreadable"
    )]
    public static partial void QueueUnreadable(this ILogger logger, string problem);
}
