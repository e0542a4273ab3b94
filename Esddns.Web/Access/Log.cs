namespace Esddns.Web.Access;

/// <summary>The log events of this folder, 6100 to 6199 (docs/reference/log-events.md).</summary>
internal static partial class Log
{
    [LoggerMessage(
        6100,
        LogLevel.Error,
        "Cannot check credentials: {Problem}; visitors are refused until it is corrected",
        EventName = "CredentialsUnusable"
    )]
    public static partial void CredentialsUnusable(this ILogger logger, string problem);

    [LoggerMessage(
        6101,
        LogLevel.Warning,
        "Too many wrong credentials from {Address}; it is refused for {Seconds} s",
        EventName = "CredentialsGuessed"
    )]
    public static partial void CredentialsGuessed(this ILogger logger, System.Net.IPAddress? address, double seconds);
}
