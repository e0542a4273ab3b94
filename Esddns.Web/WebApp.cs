using System.Diagnostics.Metrics;
using Esddns.Web.Pages;
using Esddns.Web.Raw;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Esddns.Web;

/// <summary>Puts the web service together: it asks the operator, and keeps nothing but the last answer.</summary>
internal static class WebApp
{
    private const string MeterName = "Esddns.Web";

    /// <summary>Longer, and a person would think the page is down.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Builds the application.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);
        builder.ListenFirst(otherwise: "http://127.0.0.1:51339");
        builder.AddServiceDefaults(MeterName);
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LastKnown>();
        builder.Services.AddServiceClient<OperatorClient>(new Uri("http://operator"), s_patience);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/", async (OperatorClient client, LastKnown last, CancellationToken gone) =>
            new RazorComponentResult<StatusPage>(new { Known = await last.AskAsync(client, gone) }));
        app.MapGet("/raw", async (OperatorClient client, LastKnown last, CancellationToken gone) =>
            Results.Json(RawDocument.Of(await last.AskAsync(client, gone)), RawJson.Default.RawDocument));
        CountHealth(app.Services);
        return app;
    }

    private static void CountHealth(IServiceProvider services)
    {
        var last = services.GetRequiredService<LastKnown>();
        services.GetRequiredService<IMeterFactory>().Create(MeterName).CreateObservableGauge(
            "esddns_service_health",
            () => new Measurement<int>(last.OperatorAnswers ? 1 : 0, new KeyValuePair<string, object?>("component", "operator")),
            description: "Whether a component works (1) or not (0).");
    }
}
