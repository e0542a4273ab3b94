namespace Esddns.Operator.Kubernetes.Records;

/// <summary>The log events of Records, Status and Deletion, 4500 to 4599 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        4500,
        LogLevel.Error,
        "The ConfigMap {Namespace}/{Name} requests no valid record: {Mistake}",
        EventName = "ConfigMapInvalid"
    )]
    public static partial void ConfigMapInvalid(this ILogger logger, string @namespace, string name, string mistake);

    [LoggerMessage(
        4501,
        LogLevel.Warning,
        "Cannot read CustomResourceDefinition {Name}: {Problem}; DNS records of deleted objects stay until "
            + "it can be read, retrying in {Seconds} s",
        EventName = "DefinitionNotRead"
    )]
    public static partial void DefinitionNotRead(this ILogger logger, string name, string problem, double seconds);

    [LoggerMessage(
        4502,
        LogLevel.Warning,
        "Cannot clean up the DNS records of {What} within {Seconds} s; "
            + "the object is released, and these stay: {Left}",
        EventName = "CleanupGivenUp"
    )]
    public static partial void CleanupGivenUp(this ILogger logger, string what, double seconds, string left);

    [LoggerMessage(
        4503,
        LogLevel.Error,
        "The object {Namespace}/{Name} cannot be parsed; its records are preserved",
        EventName = "ObjectUnreadable"
    )]
    public static partial void ObjectUnreadable(
        this ILogger logger,
        Exception exception,
        string @namespace,
        string name
    );

    [LoggerMessage(
        4504,
        LogLevel.Warning,
        "Cannot write the {What}: {Problem}; retrying",
        EventName = "StatusNotWritten"
    )]
    public static partial void StatusNotWritten(this ILogger logger, string what, string problem);

    [LoggerMessage(
        4505,
        LogLevel.Error,
        "CustomResourceDefinition dynamicrecords.esddns.io lacks the fields status.records or status.address; apply "
            + "the manifests in aspirate-output/cluster of this version. Until then, the ConfigMap must have space for "
            + "all records",
        EventName = "StatusFieldsRefused"
    )]
    public static partial void StatusFieldsRefused(this ILogger logger);
}
