using Esddns.Operator.Dns;
using Esddns.Operator.Net;

namespace Esddns.Operator.Reconcile;

/// <summary>The log events of this folder, 1000 to 1099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        1000,
        LogLevel.Information,
        "{Family} address changed to {After} (was {Before}): {Votes}",
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
        "Preserving the {Family} records: {Reason}",
        EventName = "WanAddressNotAgreed"
    )]
    public static partial void WanAddressNotAgreed(this ILogger logger, IpFamily family, string? reason);

    [LoggerMessage(
        1013,
        LogLevel.Warning,
        "{Reason}; its records are removed where WhenAbsent is Remove, and else skipped",
        EventName = "WanAddressAbsent"
    )]
    public static partial void WanAddressAbsent(this ILogger logger, string? reason);

    [LoggerMessage(
        1002,
        LogLevel.Information,
        "Sources agree again on the {Family} address {Address}",
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
        "Credentials file {File} changed; retrying failed requests now",
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
        "{Fqdn} {Type} was changed by another client from {From} to {To}",
        EventName = "RecordDrifted"
    )]
    public static partial void RecordDrifted(this ILogger logger, Fqdn fqdn, RecordType type, string from, string to);

    [LoggerMessage(
        1015,
        LogLevel.Error,
        "Failed to reconcile {Count} records of {Zone}: {Why}",
        EventName = "RecordsFailed"
    )]
    public static partial void RecordsFailed(this ILogger logger, int count, DomainName zone, string why);

    [LoggerMessage(
        1014,
        LogLevel.Error,
        "Failed to reconcile the zone {Zone} (trigger {Reason}); will retry",
        EventName = "ZoneFailed"
    )]
    public static partial void ZoneFailed(
        this ILogger logger,
        Exception exception,
        DomainName zone,
        ReconcileReason reason
    );

    [LoggerMessage(1009, LogLevel.Warning, "Preserved {Fqdn} {Type}: {Why}", EventName = "RecordPreserved")]
    public static partial void RecordPreserved(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(1010, LogLevel.Information, "Skipped {Fqdn} {Type}: {Why}", EventName = "RecordSkipped")]
    public static partial void RecordSkipped(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(1011, LogLevel.Error, "Failed to reconcile {Fqdn} {Type}: {Why}", EventName = "RecordFailed")]
    public static partial void RecordFailed(this ILogger logger, Fqdn fqdn, RecordType type, string why);

    [LoggerMessage(
        1012,
        LogLevel.Warning,
        "Backing off from the DNS provider of {Zone} until {Until:u} ({Fault}); "
            + "POST /sync or new credentials retry at once",
        EventName = "ProviderBackoff"
    )]
    public static partial void ProviderBackoff(
        this ILogger logger,
        DomainName zone,
        DateTimeOffset until,
        string fault
    );
}
