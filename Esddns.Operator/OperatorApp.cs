using Esddns.Operator.Api;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns.Providers;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator;

/// <summary>
/// Puts the operator together. The folders are the data flow: Discovery, Agreement, Reconcile, Dns, State, Api.
/// </summary>
internal static class OperatorApp
{
    /// <summary>Builds the application, and takes the state file for it; null with all errors when it cannot.</summary>
    public static WebApplication? TryBuild(
        CommandLine line,
        out IReadOnlyList<string> errors,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        try
        {
            return Build(line, out errors, configure);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What the framework does not like of its own settings.
            errors = [ServiceRun.Explain(e)];
            return null;
        }
    }

    private static WebApplication? Build(
        CommandLine line,
        out IReadOnlyList<string> errors,
        Action<WebApplicationBuilder>? configure
    )
    {
        var builder = ServiceRun.CreateBuilder(line.Settings);
        builder.Configuration.AddLegacyEnvironment(Environment.GetEnvironmentVariable);
        configure?.Invoke(builder);
        var reader = new SettingsReader(builder.Configuration, Environment.GetEnvironmentVariable);
        // A single round is one of a process by itself.
        var found = KubernetesSettings.Read(reader, Environment.GetEnvironmentVariable);
        var cluster = line.IsOnce ? null : found;
        var provider = DnsProviders.Read(reader, isInCluster: cluster is not null);
        var settings = OperatorSettings.Read(reader, provider.Ttls, isInCluster: cluster is not null);
        HostSettings.Check(reader);
        errors = [.. line.Errors, .. reader.Errors];
        if (errors.Count > 0)
            return null;

        builder.ListenFirst(otherwise: "http://127.0.0.1:8080");
        builder.AddServiceDefaults(OperatorTracing.Name, OperatorTracing.Name + ".State");
        if (cluster is not null)
            builder.Services.AddKubernetes(cluster);
        builder.Services.AddOperator(settings);
        builder.Services.AddSingleton(provider);
        provider.AddTo(builder.Services);
        if (line.Job == Job.Run)
            builder.Services.AddControlLoop();
        else
            builder.Logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        if (line.Job == Job.CheckConfig)
            return builder.Build();

        if (StateLock.TryTake(cluster is null ? settings.State.File : null, out var refusal) is not { } held)
        {
            errors = [refusal!];
            return null;
        }

        // Made by the container, so that it ends with it.
        builder.Services.AddSingleton(_ => held);
        var app = builder.Build();
        app.Services.GetRequiredService<StateLock>();
        app.Services.GetService<SnapshotGauges>();
        app.UseAllowedHosts(new AllowedHosts(settings.Api.AllowedHosts, cluster?.Namespace));
        app.MapDefaultEndpoints();
        app.MapStatusApi();
        return app;
    }

    private static void AddOperator(this IServiceCollection services, OperatorSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton(settings);
        services.AddSingleton(settings.Agreement);
        services.AddSingleton(settings.State);
        services.TryAddSingleton(new HostIdentity(Environment.MachineName));
        services.TryAddSingleton<ISyncRequests, LocalSync>();
        services.TryAddSingleton<IStateKeeper, StateFile>();
        services.TryAddSingleton<IFreshState, OwnState>();
        services.AddSingleton<StateStore>();
        services.AddSingleton<SnapshotGauges>();
        services.AddStatusApi(settings.Api);
        services.AddDiscovery(settings.Discovery);
        services.AddReconciler(settings.Loop, settings.Authoritative, settings.Records);
    }
}
