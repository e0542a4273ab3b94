using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// The logs of a service that nobody configured: one line for each event, with the time in UTC. They are code, so that
/// a program without any other file logs in the same way.
/// </summary>
internal static class LogDefaults
{
    private static readonly KeyValuePair<string, string?>[] s_settings =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.AspNetCore.DataProtection", "Error"),
        new("Logging:LogLevel:Microsoft.Extensions.Http", "Warning"),
        new("Logging:LogLevel:System.Net.Http", "Warning"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
        new("Logging:Console:FormatterName", "simple"),
        new("Logging:Console:FormatterOptions:SingleLine", "true"),
        new("Logging:Console:FormatterOptions:TimestampFormat", "yyyy-MM-dd'T'HH:mm:ss'Z' "),
        new("Logging:Console:FormatterOptions:UseUtcTimestamp", "true"),
    ];

    /// <summary>Adds the settings below all others: a file, the environment and arguments replace them.</summary>
    public static void AddTo(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_settings });
}
