namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>The log events of this folder, 4100 to 4199 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        4100,
        LogLevel.Warning,
        "{Kind} cannot be watched; the last known objects stay in use: {Problem}",
        EventName = "WatchLost"
    )]
    public static partial void WatchLost(this ILogger logger, string kind, string problem);

    [LoggerMessage(4101, LogLevel.Information, "{Kind} can be watched again", EventName = "WatchFound")]
    public static partial void WatchFound(this ILogger logger, string kind);
}
