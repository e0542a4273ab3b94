namespace Esddns.Operator.Api;

/// <summary>The log events of this folder, 5000 to 5099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        5000,
        LogLevel.Warning,
        "A round requested by POST /sync failed with {Exception}; the control loop retries it",
        EventName = "SyncFailed"
    )]
    public static partial void SyncFailed(this ILogger logger, string exception);
}
