namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>The log events of this folder, 2000 to 2099 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        2000,
        LogLevel.Warning,
        "The LiveDNS token expires at {Expires:u}, in {Days:0.0} days; "
            + "create a new one and set it as Esddns:LiveDns:SecondToken",
        EventName = "TokenExpires"
    )]
    public static partial void TokenExpires(this ILogger logger, DateTimeOffset expires, double days);

    [LoggerMessage(
        2001,
        LogLevel.Error,
        "The LiveDNS token expired at {Expires:u} (Esddns:LiveDns:TokenExpires); "
            + "create a new one and update both settings",
        EventName = "TokenExpired"
    )]
    public static partial void TokenExpired(this ILogger logger, DateTimeOffset expires);
}
