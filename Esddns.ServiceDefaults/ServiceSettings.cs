using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// What a service does that nobody configured: it logs one line for each event, with the time in UTC, and does not wait
/// long for a collector. These defaults are code, so that a program without any other file has them.
/// </summary>
internal static class ServiceSettings
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
        // OpenTelemetry waits 10 s. A stop waits for the last export, and has only 15 s in a cluster.
        new("OTEL_EXPORTER_OTLP_TIMEOUT", "3000"),
    ];

    /// <summary>Adds the settings below all others: a file, the environment and arguments replace them.</summary>
    public static void AddTo(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = s_settings });
}
