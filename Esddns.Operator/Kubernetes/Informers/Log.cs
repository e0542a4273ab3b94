namespace Esddns.Operator.Kubernetes.Informers;

/// <summary>The log events of this folder, 4100 to 4199 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        4100,
        LogLevel.Warning,
        "Cannot watch {Kind}: {Problem}; using the last known objects",
        EventName = "WatchFailed"
    )]
    public static partial void WatchFailed(this ILogger logger, string kind, string problem);

    [LoggerMessage(4101, LogLevel.Information, "Watching {Kind} again", EventName = "WatchRestored")]
    public static partial void WatchRestored(this ILogger logger, string kind);
}
