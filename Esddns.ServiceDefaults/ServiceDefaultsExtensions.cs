using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of ESDDNS has: telemetry, health, discovery, and an end in order.</summary>
public static class ServiceDefaultsExtensions
{
    private const string Live = "live";

    /// <summary>The beginning of the names of our own instruments.</summary>
    private const string Ours = "esddns_";

    /// <summary>Below the 15 s that the manifests leave between the signal to stop and the kill.</summary>
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Series of one instrument: two for each of some thousand records. The SDK's default of 2,000 would put the rest
    /// into one series.
    /// </summary>
    private static readonly MetricStreamConfiguration s_manySeries = new() { CardinalityLimit = 5000 };

    /// <summary>How long requests may go on when the host stops.</summary>
    private static readonly TimeSpan s_lastRequests = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds logs, metrics and traces, sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, metrics for
    /// Prometheus always, and the health check that says the process answers.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="instrumentation">Names of the service's own meters and activity sources.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, params string[] instrumentation)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = s_shutdown);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

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
                    })
            )
            .WithTracing(tracing =>
                tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http").AddSource(instrumentation)
            );
        builder.Services.ConfigureOpenTelemetryMeterProvider(
            (services, metrics) => metrics.AddView(StreamsOf(services.GetRequiredService<IMeterFactory>()))
        );
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
        return builder;
    }

    /// <summary>
    /// A view that leaves room for many series, and drops the meters of other hosts in this process. A meter listener
    /// gets them all, and what it collects of an ended host stays in memory until the next scrape, which may never
    /// come.
    /// </summary>
    private static Func<Instrument, MetricStreamConfiguration?> StreamsOf(IMeterFactory meters) =>
        instrument =>
            instrument.Meter.Scope is IMeterFactory other && !ReferenceEquals(other, meters)
                ? MetricStreamConfiguration.Drop
            : instrument.Name.StartsWith(Ours, StringComparison.Ordinal) ? s_manySeries
            : null;

    /// <summary>
    /// Maps <c>/alive</c> (the process answers), <c>/health</c> (all checks: it does its work) and <c>/metrics</c>, in
    /// every environment: a cluster's probes need them most in production. Requests that are stuck when the host stops
    /// are cut off.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.CutOffRequestsOnStop();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) });
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>
    /// The server stops before all other services and waits for its requests: a client that does not read must not take
    /// the time that the others need to end in order.
    /// </summary>
    private static void CutOffRequestsOnStop(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use(
            async (context, next) =>
            {
                using var limit = new CancellationTokenSource();
                using var cut = limit.Token.Register(context.Abort);
                using var stop = stopping.Register(() => limit.CancelAfter(s_lastRequests));
                await next(context);
            }
        );
    }

    /// <summary>
    /// A client of another service of ours, found by its name (<c>http://operator</c>). It has no time-out of its own,
    /// because the answer may be a stream without end: its reader sets the limits, and tries again.
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
        // Services of ours do not send their callers elsewhere.
        client.ConfigurePrimaryHttpMessageHandler(() =>
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        );
        client.AddServiceDiscovery();
        return client;
    }
}
