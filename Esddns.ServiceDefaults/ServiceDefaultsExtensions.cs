using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Esddns.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Common setup of all ESDDNS services: telemetry, health checks, service discovery and graceful shutdown.
/// </summary>
public static class ServiceDefaultsExtensions
{
    private const string Live = "live";

    /// <summary>The shutdown timeout. It is shorter than the grace period of 15 s in the manifests.</summary>
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(10);

    /// <summary>How long requests may still run when the host stops.</summary>
    private static readonly TimeSpan s_lastRequests = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds logs, metrics, traces and a liveness check. Prometheus can always scrape the metrics. OTLP export is active
    /// if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="instrumentation">The names of the service's own meters and activity sources.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params string[] instrumentation)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = s_shutdown);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

        RequestSpans.AddTags();
        builder.Services.AddSingleton<ProcessGauges>();
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithLogging(
                null,
                o =>
                {
                    o.IncludeScopes = true;
                    o.IncludeFormattedMessage = true;
                }
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(
                        "Microsoft.AspNetCore.Hosting",
                        "Microsoft.AspNetCore.Server.Kestrel",
                        "System.Net.Http",
                        "System.Runtime"
                    )
                    .AddMeter(ProcessGauges.MeterName)
                    .AddMeter(instrumentation)
                    // OpenMetrics carries the trace of a measurement.
                    .SetExemplarFilter(ExemplarFilterType.TraceBased)
                    .AddPrometheusExporter(o =>
                    {
                        // Plain names and labels keep the dashboards and alerts of the old system working.
                        o.ScopeInfoEnabled = false;
                        o.TargetInfoEnabled = false;
                        o.ScrapeResponseCacheDurationMilliseconds = 0;
                    })
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource("Microsoft.AspNetCore", "System.Net.Http")
                    .AddSource(instrumentation)
                    .AddProcessor(new RequestSpans())
            );
        builder.Services.ConfigureOpenTelemetryMeterProvider(
            (services, metrics) =>
                metrics.AddView(
                    MetricStreams.Of(services.GetRequiredService<IMeterFactory>(), services.GetService<ManySeries>())
                )
        );
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
        return builder;
    }

    /// <summary>
    /// Maps <c>/alive</c> (liveness), <c>/health</c> (all checks) and <c>/metrics</c> in every environment, because
    /// probes need them in production. It also aborts requests that do not end when the host stops.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.AbortRequestsOnStop();
        RequestSpans.NameByRoute(app);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) });
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.Services.GetRequiredService<ProcessGauges>();
        return app;
    }

    /// <summary>
    /// Aborts requests that do not end within the limit. The web server stops before all other services and waits for
    /// its requests. A client that does not read must not use up the shutdown time of the others.
    /// </summary>
    private static void AbortRequestsOnStop(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use(
            async (context, next) =>
            {
                using var limit = new CancellationTokenSource();
                using var abort = limit.Token.Register(context.Abort);
                using var stop = stopping.Register(() => limit.CancelAfter(s_lastRequests));
                await next(context);
            }
        );
    }

    /// <summary>
    /// Adds an HTTP client of another ESDDNS service, resolved by its name (<c>http://operator</c>). The client has no
    /// timeout, because the response can be an endless stream. The reader of the stream sets the limits and retries.
    /// </summary>
    public static IHttpClientBuilder AddServiceClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient
    >(this IServiceCollection services, Uri address)
        where TClient : class
    {
        var client = services.AddHttpClient<TClient>(http =>
        {
            http.BaseAddress = address;
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        // ESDDNS services never redirect.
        client.ConfigurePrimaryHttpMessageHandler(() =>
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        );
        client.AddServiceDiscovery();
        return client;
    }
}
