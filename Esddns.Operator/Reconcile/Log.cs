using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile;

/// <summary>The log events of this folder, 1000 to 1099 (docs/reference/events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        1000,
        LogLevel.Information,
        "The {Family} address is {After} (was {Before}): {Votes}",
        EventName = "WanAddressChanged"
    )]
    public static partial void WanAddressChanged(
        this ILogger logger,
        IpFamily family,
        string before,
        System.Net.IPAddress? after,
        string votes
    );

    [LoggerMessage(
        1001,
        LogLevel.Warning,
        "The {Family} address is not agreed, records stay as they are: {Reason}",
        EventName = "WanAddressNotAgreed"
    )]
    public static partial void WanAddressNotAgreed(this ILogger logger, IpFamily family, string? reason);

    [LoggerMessage(
        1002,
        LogLevel.Information,
        "The {Family} address is agreed again: {Address}",
        EventName = "WanAddressAgreedAgain"
    )]
    public static partial void WanAddressAgreedAgain(
        this ILogger logger,
        IpFamily family,
        System.Net.IPAddress? address
    );

    [LoggerMessage(
        1003,
        LogLevel.Debug,
        "Round {Round} ended (trigger {Reason}); in sync: {InSync}",
        EventName = "RoundEnded"
    )]
    public static partial void RoundEnded(this ILogger logger, long round, ReconcileReason reason, bool inSync);

    [LoggerMessage(
        1004,
        LogLevel.Warning,
        "Round interrupted (trigger {Reason}): this process is no longer the leader",
        EventName = "RoundInterrupted"
    )]
    public static partial void RoundInterrupted(this ILogger logger, ReconcileReason reason);

    [LoggerMessage(
        1005,
        LogLevel.Error,
        "Round failed (trigger {Reason}); will retry in {Seconds:0.#} s",
        EventName = "RoundFailed"
    )]
    public static partial void RoundFailed(
        this ILogger logger,
        Exception exception,
        ReconcileReason reason,
        double seconds
    );

    [LoggerMessage(
        1006,
        LogLevel.Information,
        "The file {File} holds new credentials; what failed with the former ones is tried again now",
        EventName = "CredentialsChanged"
    )]
    public static partial void CredentialsChanged(this ILogger logger, string file);

    [LoggerMessage(
        1007,
        LogLevel.Information,
        "Updated {Fqdn} {Type} to {After} (was {Before}, trigger {Reason})",
        EventName = "RecordWritten"
    )]
    public static partial void RecordWritten(
        this ILogger logger,
        Fqdn fqdn,
        RecordType type,
        string after,
        string before,
        ReconcileReason reason
    );

    [LoggerMessage(
        1008,
        LogLevel.Warning,
        "{Fqdn} {Type} was changed by somebody else, from {From} to {To}",
        EventName = "RecordDrifted"
    )]
    public static partial void RecordDrifted(this ILogger logger, Fqdn fqdn, RecordType type, string from, string to);

    [LoggerMessage(1009, LogLevel.Warning, "{Fqdn} {Type} is left alone: {Why}", EventName = "RecordPreserved")]
    public static partial void RecordPreserved(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(1010, LogLevel.Information, "{Fqdn} {Type} is skipped: {Why}", EventName = "RecordSkipped")]
    public static partial void RecordSkipped(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(1011, LogLevel.Error, "{Fqdn} {Type} failed: {Why}", EventName = "RecordFailed")]
    public static partial void RecordFailed(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(
        1012,
        LogLevel.Warning,
        "The DNS provider of {Zone} is not asked again until {Until:u} ({Fault}); a request to sync, "
            + "or new credentials, end the wait",
        EventName = "ProviderLeftAlone"
    )]
    public static partial void ProviderLeftAlone(
        this ILogger logger,
        DomainName zone,
        DateTimeOffset until,
        string fault
    );
}
