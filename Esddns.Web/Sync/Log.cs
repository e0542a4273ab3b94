namespace Esddns.Web.Sync;

/// <summary>The log events of this folder, 6200 to 6299 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        6200,
        LogLevel.Warning,
        "A visitor requested a round, and got {StatusCode}: {Problem}",
        EventName = "RoundNotRequested"
    )]
    public static partial void RoundNotRequested(this ILogger logger, int statusCode, string problem);
}
