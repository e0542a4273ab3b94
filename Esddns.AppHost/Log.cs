using Microsoft.Extensions.Logging;

namespace Esddns.AppHost;

/// <summary>The log events of the AppHost.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Program} ended with code {Code}. Its last lines:\n{Lines}")]
    public static partial void ProgramFailed(this ILogger logger, string program, int code, string lines);
}
