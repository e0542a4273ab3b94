using Esddns.Web.Api;
using Esddns.Web.Badges;
using Esddns.Web.Events;
using Esddns.Web.Pages;
using Esddns.Web.Prepared;
using Esddns.Web.Raw;
using Esddns.Web.Status;
using Esddns.Web.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Web;

/// <summary>Builds the web service. It follows the operator and keeps only the newest status.</summary>
internal static class WebApp
{
    /// <summary>Builds the application.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = ServiceRun.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.ListenFirst(defaultUrl: "http://127.0.0.1:51339");
        if (!builder.Configuration.GetSection("services:operator").Exists())
            builder.Configuration["services:operator:http:0"] = "http://127.0.0.1:8080";
        builder.AddServiceDefaults(WebGauges.MeterName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(Random.Shared);
        builder.Services.AddSingleton<StatusCache>();
        builder.Services.TryAddSingleton<PreparedBodies>();
        builder.Services.AddSingleton<WebGauges>();
        builder.Services.AddHostedService<StatusFeed>();
        builder.Services.AddApiDescription();
        builder.AddEvents();
        builder.Services.AddServiceClient<OperatorClient>(new Uri("http://operator"));

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapStatusPage();
        app.MapRaw();
        app.MapApi();
        app.MapEvents();
        app.MapBadges();
        app.MapOpenApi();
        app.Services.GetRequiredService<WebGauges>();
        return app;
    }
}
