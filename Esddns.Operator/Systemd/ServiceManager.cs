using System.Globalization;

namespace Esddns.Operator.Systemd;

/// <summary>The service manager that started this process.</summary>
/// <param name="Socket">Its socket; a first byte of zero marks a name that is not in the file system.</param>
/// <param name="Watchdog">The maximum time between two notifications; null without a watchdog.</param>
internal sealed record ServiceManager(string Socket, TimeSpan? Watchdog)
{
    /// <summary>Reads the environment. Returns null when no service manager waits for notifications.</summary>
    public static ServiceManager? Read(Func<string, string?> environment)
    {
        // The variables of the watchdog are those of another process if a wrapper started this one.
        var isOurs = environment("WATCHDOG_PID") is not { } pid || pid == $"{Environment.ProcessId}";
        var isTimed = long.TryParse(environment("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds);
        TimeSpan? watchdog = isOurs && isTimed && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
        return environment("NOTIFY_SOCKET") switch
        {
            ['/', ..] path => new ServiceManager(path, watchdog),
            ['@', .. var name] => new ServiceManager($"\0{name}", watchdog),
            _ => null,
        };
    }
}
