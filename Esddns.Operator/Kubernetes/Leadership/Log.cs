namespace Esddns.Operator.Kubernetes.Leadership;

/// <summary>The log events of this folder, 4000 to 4099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "{Identity} holds the Lease (term {Term})", EventName = "Elected")]
    public static partial void Elected(this ILogger logger, string identity, int term);

    [LoggerMessage(
        4001,
        LogLevel.Information,
        "{Identity} no longer holds the Lease (term {Term})",
        EventName = "TermEnded"
    )]
    public static partial void TermEnded(this ILogger logger, string identity, int term);

    [LoggerMessage(
        4002,
        LogLevel.Warning,
        "{Identity} cannot renew the Lease: {Problem}; retrying",
        EventName = "LeaseNotRenewed"
    )]
    public static partial void LeaseNotRenewed(this ILogger logger, string identity, string problem);

    [LoggerMessage(
        4003,
        LogLevel.Warning,
        "{Identity} cannot take over the published state: {Problem}; retrying",
        EventName = "StateNotTakenOver"
    )]
    public static partial void StateNotTakenOver(this ILogger logger, string identity, string problem);

    [LoggerMessage(
        4004,
        LogLevel.Warning,
        "Cannot acquire the Lease: {Problem}; retrying",
        EventName = "LeaseNotAcquired"
    )]
    public static partial void LeaseNotAcquired(this ILogger logger, string problem);

    [LoggerMessage(
        4005,
        LogLevel.Debug,
        "{Identity} did not acquire the Lease: another pod holds it",
        EventName = "LeaseHeldByAnother"
    )]
    public static partial void LeaseHeldByAnother(this ILogger logger, string identity);

    [LoggerMessage(4006, LogLevel.Information, "{Identity} released the Lease", EventName = "LeaseReleased")]
    public static partial void LeaseReleased(this ILogger logger, string identity);

    [LoggerMessage(
        4007,
        LogLevel.Warning,
        "{Identity} cannot release the Lease: {Problem}; other pods wait until it expires",
        EventName = "LeaseNotReleased"
    )]
    public static partial void LeaseNotReleased(this ILogger logger, string identity, string problem);

    [LoggerMessage(
        4008,
        LogLevel.Warning,
        "{Identity} released the Lease, but cannot publish this: {Problem}; other pods may wait for its expiry",
        EventName = "ReleaseNotPublished"
    )]
    public static partial void ReleaseNotPublished(this ILogger logger, string identity, string problem);
}
