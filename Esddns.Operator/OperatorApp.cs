using Esddns.Operator.Api;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Gandi;
using Esddns.Operator.Dns.Update;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator;

/// <summary>Puts the operator together. The folders are the data flow: Discovery, Agreement, Reconcile, Dns, State, Api.</summary>
internal static class OperatorApp
{
    /// <summary>Builds the application; null with all configuration errors when it cannot.</summary>
    public static WebApplication? TryBuild(string[] args, out IReadOnlyList<string> errors, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddLegacyEnvironment(Environment.GetEnvironmentVariable);
        configure?.Invoke(builder);
        var reader = new SettingsReader(builder.Configuration, Environment.GetEnvironmentVariable);
        // A single round is one of a process by itself.
        var cluster = KubernetesSettings.Read(reader, Environment.GetEnvironmentVariable) is { } found && !OneRound.IsWanted(args) ? found : null;
        var settings = OperatorSettings.Read(reader, isInCluster: cluster is not null);
        errors = reader.Errors;
        if (errors.Count > 0) return null;

        // Whoever wants to be scraped from elsewhere says so with --urls or ASPNETCORE_URLS.
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls("http://127.0.0.1:8080");
        builder.AddServiceDefaults(OperatorTracing.Name, OperatorTracing.Name + ".State");
        if (cluster is not null) builder.Services.AddKubernetes(cluster);
        builder.Services.AddOperator(settings);
        if (OneRound.IsWanted(args)) builder.Logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        else builder.Services.AddControlLoop();

        var app = builder.Build();
        app.Services.GetService<SnapshotGauges>();
        app.MapDefaultEndpoints();
        app.MapStatusApi();
        return app;
    }

    private static void AddOperator(this IServiceCollection services, OperatorSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton(settings.Agreement);
        services.AddSingleton(settings.State);
        services.TryAddSingleton(new HostIdentity(Environment.MachineName));
        services.TryAddSingleton<ISyncRequests, LocalSync>();
        services.TryAddSingleton<IStateKeeper, StateFile>();
        services.AddSingleton<StateStore>();
        services.AddSingleton<SnapshotGauges>();
        services.AddDiscovery(settings.Discovery);
        services.AddReconciler(settings.Loop, settings.Authoritative, settings.Records);
        if (settings.Update is { } update) services.AddSingleton(update).AddSingleton(TtlRange.Any).AddSingleton<IDnsProvider, UpdateProvider>().AddSingleton<IDnsProviders, SoleProvider>();
        else services.AddLiveDns(settings.LiveDns);
    }
}
