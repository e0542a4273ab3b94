using System.Diagnostics.Metrics;
using Esddns.Web.Pages;
using Esddns.Web.Raw;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Web;

/// <summary>Builds the web service. It follows the operator and keeps only the newest status.</summary>
internal static class WebApp
{
    private const string MeterName = "Esddns.Web";

    /// <summary>Builds the application.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = ServiceRun.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.ListenFirst(defaultUrl: "http://127.0.0.1:51339");
        if (!builder.Configuration.GetSection("services:operator").Exists())
            builder.Configuration["services:operator:http:0"] = "http://127.0.0.1:8080";
        builder.AddServiceDefaults(MeterName);
        builder.Services.AddRazorComponents();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(Random.Shared);
        builder.Services.AddSingleton<StatusCache>();
        builder.Services.AddHostedService<StatusFeed>();
        builder.Services.AddServiceClient<OperatorClient>(new Uri("http://operator"));

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet(
            "/",
            async (StatusCache cache, CancellationToken cancellationToken) =>
                new RazorComponentResult<StatusPage>(new { Cached = await cache.FirstAsync(cancellationToken) })
        );
        app.MapGet(
            "/raw",
            async (StatusCache cache, CancellationToken cancellationToken) =>
                Results.Json(RawDocument.Of(await cache.FirstAsync(cancellationToken)), RawJson.Default.RawDocument)
        );
        Measure(app.Services);
        return app;
    }

    private static void Measure(IServiceProvider services)
    {
        var cache = services.GetRequiredService<StatusCache>();
        var meter = services.GetRequiredService<IMeterFactory>().Create(MeterName);
        var component = new KeyValuePair<string, object?>("component", "operator");
        meter.CreateObservableGauge(
            "esddns_service_health",
            () => new Measurement<int>(cache.OperatorAnswers ? 1 : 0, component),
            description: "Whether a component works (1) or not (0)."
        );
        meter.CreateObservableGauge(
            "esddns_status_age",
            () =>
                cache.Now.Age is { } age
                    ? [new Measurement<double>(age.TotalSeconds, component)]
                    : Array.Empty<Measurement<double>>(),
            "s",
            "How long ago the operator last confirmed the state that the page shows."
        );
    }
}
