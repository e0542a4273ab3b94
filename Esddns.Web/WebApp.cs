using Esddns.Access;
using Esddns.Web.Access;
using Esddns.Web.Api;
using Esddns.Web.Assets;
using Esddns.Web.Badges;
using Esddns.Web.Events;
using Esddns.Web.Pages;
using Esddns.Web.Prepared;
using Esddns.Web.Raw;
using Esddns.Web.Status;
using Esddns.Web.Sync;
using Esddns.Web.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Web;

/// <summary>
/// Builds the web service. It follows the operator, and serves all visitors from the newest status in memory.
/// </summary>
internal static class WebApp
{
    /// <summary>The maximum number of open connections: all streams, and 1,000 other requests.</summary>
    private const int MaxConnections = EventStreams.MaxStreams + 1000;

    /// <summary>Builds the application.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = ServiceRun.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.ListenFirst(defaultUrl: "http://127.0.0.1:51339");
        if (!builder.Configuration.GetSection("services:operator").Exists())
            builder.Configuration["services:operator:http:0"] = "http://127.0.0.1:8080";
        builder.LimitRequests(MaxConnections);
        builder.AddServiceDefaults(WebGauges.MeterName);
        builder.Services.AddAccess(AccessSettings.Read(builder.Configuration));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(Random.Shared);
        builder.Services.AddSingleton<StatusCache>();
        builder.Services.AddSingleton<PreparedBodies>();
        builder.Services.AddSingleton<EventStreams>();
        builder.Services.AddApi();
        builder.Services.AddSync();
        builder.Services.AddSingleton<WebGauges>();
        builder.Services.AddHostedService<StatusFeed>();
        builder.Services.AddServiceClient<OperatorClient>(new Uri("http://operator"));

        var app = builder.Build();
        app.UseResponseHeaders();
        app.UseReadAccess();
        app.MapDefaultEndpoints();
        app.MapStatusPage();
        app.MapPageAssets();
        app.MapRaw();
        app.MapApi();
        app.MapEvents();
        app.MapSync();
        app.MapBadges();
        app.Services.GetRequiredService<WebGauges>();
        return app;
    }
}
