namespace Esddns.Operator.State;

/// <summary>The log events of this folder, 3000 to 3099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        3000,
        LogLevel.Error,
        "Cannot read state file {Path}: {Problem}; moved it to {Aside} and starting empty, "
            + "so values published earlier no longer count as ours",
        EventName = "StateUnreadable"
    )]
    public static partial void StateUnreadable(this ILogger logger, string path, string aside, string problem);

    [LoggerMessage(
        3001,
        LogLevel.Error,
        "Cannot use state file {Path}: {Problem}; no state is kept across restarts; move the file away",
        EventName = "StateUnusable"
    )]
    public static partial void StateUnusable(this ILogger logger, string path, string problem);

    [LoggerMessage(
        3002,
        LogLevel.Error,
        "Cannot write state file {Path}: {Problem}; after a restart, "
            + "values published from now on no longer count as ours",
        EventName = "StateNotSaved"
    )]
    public static partial void StateNotSaved(this ILogger logger, string path, string problem);

    [LoggerMessage(
        3003,
        LogLevel.Error,
        "Cannot lock the state file: {Problem}; another process may use the state file at the same time; "
            + "remove the lock file and restart",
        EventName = "StateNotLocked"
    )]
    public static partial void StateNotLocked(this ILogger logger, string problem);
}
