namespace Esddns.Web.Status;

/// <summary>The log events of this folder, 6000 to 6099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "Following the operator's status", EventName = "OperatorFollowed")]
    public static partial void OperatorFollowed(this ILogger logger);

    [LoggerMessage(
        6001,
        LogLevel.Warning,
        "Cannot follow the operator's status: {Problem}; showing the last known state and retrying",
        EventName = "OperatorUnreachable"
    )]
    public static partial void OperatorUnreachable(this ILogger logger, string problem);

    [LoggerMessage(
        6002,
        LogLevel.Error,
        "Following the operator's status failed unexpectedly; retrying",
        EventName = "StatusStreamFailed"
    )]
    public static partial void StatusStreamFailed(this ILogger logger, Exception exception);
}
