using Esddns.Access;
using Esddns.Configuration;
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
    /// <summary>The section with the addresses of the operator.</summary>
    public const string OperatorService = "services:operator";

    /// <summary>The maximum number of open connections beside those of streams.</summary>
    private const int OtherConnections = 1000;

    /// <summary>Builds the application.</summary>
    /// <exception cref="InvalidSettingsException">The arguments or the configuration have mistakes.</exception>
    public static WebApplication Build(Arguments arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = ServiceRun.CreateBuilder(arguments.Settings);
        configure?.Invoke(builder);
        var reader = new SettingsReader(builder.Configuration);
        var access = AccessSettings.Read(reader);
        HostSettings.Check(reader);
        foreach (var (key, _) in reader.Below(OperatorService).Where(s => SettingsReader.HasUserInfo(s.Value)))
            reader.Error(key, SettingsReader.NoUserInfo);
        if (arguments.Errors.Count + reader.Errors.Count > 0)
            throw new InvalidSettingsException([.. arguments.Errors, .. reader.Errors]);

        builder.ListenFirst(defaultUrl: "http://127.0.0.1:51339");
        if (!builder.Configuration.GetSection(OperatorService).Exists())
            builder.Configuration[$"{OperatorService}:http:0"] = "http://127.0.0.1:8080";
        builder.AddServiceDefaults(WebGauges.MeterName);
        builder.LimitRequests(access.MaxStreams + OtherConnections);
        builder.Services.AddAccess(access);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(Random.Shared);
        builder.Services.AddSingleton<StatusCache>();
        builder.Services.AddSingleton<PreparedBodies>();
        builder.Services.AddEvents();
        builder.Services.AddApiDocument();
        builder.Services.AddSync();
        builder.Services.AddSingleton<WebGauges>();
        builder.Services.AddHostedService<StatusFeed>();
        builder.Services.AddServiceClient<OperatorClient>(new Uri("http://operator"));

        var app = builder.Build();
        app.UseResponseHeaders();
        app.UseReadAccess();
        app.UseProblems();
        app.MapDefaultEndpoints();
        app.MapStatusPage();
        app.MapPageAssets();
        app.MapRaw();
        app.MapApi();
        app.MapApiDocument();
        app.MapEvents();
        app.MapSync();
        app.MapBadges();
        app.Services.GetRequiredService<WebGauges>();
        return app;
    }
}
