namespace Esddns.Operator.Kubernetes.Events;

/// <summary>The log events of this folder, 4400 to 4499 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        4400,
        LogLevel.Warning,
        "Cannot write the Event {Reason} about {Kind} {Name}: {Problem}",
        EventName = "EventNotRecorded"
    )]
    public static partial void EventNotRecorded(
        this ILogger logger,
        string reason,
        string kind,
        string name,
        string problem
    );
}
