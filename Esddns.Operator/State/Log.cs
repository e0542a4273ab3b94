namespace Esddns.Operator.State;

/// <summary>The log events of this folder, 3000 to 3099 (docs/reference/events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        3000,
        LogLevel.Error,
        "Cannot use the state file {Path}: {Problem}; moved it to {Aside}; former values are forgotten",
        EventName = "StateUnreadable"
    )]
    public static partial void StateUnreadable(this ILogger logger, string path, string aside, string problem);

    [LoggerMessage(
        3001,
        LogLevel.Error,
        "Cannot use the state file {Path}: {Problem}; nothing is kept over restarts; move it away",
        EventName = "StateUnusable"
    )]
    public static partial void StateUnusable(this ILogger logger, string path, string problem);

    [LoggerMessage(
        3002,
        LogLevel.Error,
        "Cannot write the state file {Path}: {Problem}; a restart forgets what is published from now on",
        EventName = "StateNotSaved"
    )]
    public static partial void StateNotSaved(this ILogger logger, string path, string problem);
}
