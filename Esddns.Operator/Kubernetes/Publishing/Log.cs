namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>The log events of this folder, 4200 to 4299 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(4200, LogLevel.Error, "Writing no records: {Problem}", EventName = "StateNotKept")]
    public static partial void StateNotKept(this ILogger logger, string problem);

    [LoggerMessage(
        4201,
        LogLevel.Error,
        "The ConfigMap {Namespace}/{Name} contains no readable state; values published earlier "
            + "no longer count as ours",
        EventName = "PublishedStateUnreadable"
    )]
    public static partial void PublishedStateUnreadable(this ILogger logger, string @namespace, string name);

    [LoggerMessage(
        4202,
        LogLevel.Warning,
        "Cannot read the published state: {Problem}; using the last known state",
        EventName = "StateNotRead"
    )]
    public static partial void StateNotRead(this ILogger logger, string problem);

    [LoggerMessage(4203, LogLevel.Warning, "Cannot answer a sync request: {Problem}", EventName = "SyncNotAnswered")]
    public static partial void SyncNotAnswered(this ILogger logger, string problem);
}
