namespace Esddns.Operator.Systemd;

/// <summary>The log events of Systemd, 8000 to 8099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        8000,
        LogLevel.Warning,
        "Cannot notify systemd of {State}: {Problem}; it may restart this process",
        EventName = "SystemdNotNotified"
    )]
    public static partial void NotNotified(this ILogger logger, string state, string problem);
}
