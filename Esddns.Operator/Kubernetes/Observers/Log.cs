namespace Esddns.Operator.Kubernetes.Observers;

/// <summary>The log events of this folder, 4300 to 4399 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        4300,
        LogLevel.Warning,
        "Cannot write the report of this node: {Problem}; retrying",
        EventName = "NodeReportNotWritten"
    )]
    public static partial void NodeReportNotWritten(this ILogger logger, string problem);
}
