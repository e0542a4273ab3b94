using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of ESDDNS has: telemetry, health, discovery and resilience.</summary>
public static class ServiceDefaultsExtensions
{
    private const string Live = "live";

    /// <summary>
    /// Adds logs, metrics and traces, sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, metrics for Prometheus
    /// always, and the health check that says the process answers.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="instrumentation">Names of the service's own meters and activity sources.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params string[] instrumentation)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithLogging(null, o =>
            {
                o.IncludeScopes = true;
                o.IncludeFormattedMessage = true;
            })
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime")
                .AddMeter(instrumentation)
                // Gauges whose names Prometheus keeps for histograms.
                .AddView("dotnet.*.count", MetricStreamConfiguration.Drop)
                .AddView("dotnet.process.cpu.count", MetricStreamConfiguration.Drop)
                .AddPrometheusExporter(o =>
                {
                    // Plain names and labels: dashboards and alerts of the old system keep working.
                    o.ScopeInfoEnabled = false;
                    o.TargetInfoEnabled = false;
                    o.ScrapeResponseCacheDurationMilliseconds = 0;
                }))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http")
                .AddSource(instrumentation));
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
            metrics.AddView(OnlyOf(services.GetRequiredService<IMeterFactory>())));
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
        return builder;
    }

    /// <summary>
    /// A view that drops the meters of other hosts in this process. A meter listener gets them all, and what it collects of an ended
    /// host stays in memory until the next scrape, which may never come.
    /// </summary>
    private static Func<Instrument, MetricStreamConfiguration?> OnlyOf(IMeterFactory meters) =>
        instrument => instrument.Meter.Scope is IMeterFactory other && !ReferenceEquals(other, meters) ? MetricStreamConfiguration.Drop : null;

    /// <summary>
    /// Maps <c>/alive</c> (the process answers), <c>/health</c> (all checks: it does its work) and <c>/metrics</c>, in every
    /// environment: a cluster's probes need them most in production.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) });
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>
    /// A client of another service of ours, found by its name (<c>http://operator</c>): a lost connection is tried again at
    /// once, and a service that is down is given up on within <paramref name="patience"/>.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, Uri address, TimeSpan patience)
        where TClient : class
    {
        var client = services.AddHttpClient<TClient>(http =>
        {
            http.BaseAddress = address;
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        client.AddStandardResilienceHandler(o =>
        {
            o.TotalRequestTimeout.Timeout = patience;
            o.AttemptTimeout.Timeout = patience / 2;
            o.Retry.MaxRetryAttempts = 1;
            o.Retry.Delay = TimeSpan.FromMilliseconds(100);
            o.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(30);
            o.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(2);
        });
        client.AddServiceDiscovery();
        return client;
    }
}
