using Esddns.Access;
using Esddns.Configuration;
using Esddns.Operator.Api;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns.Providers;
using Esddns.Operator.Kubernetes;
using Esddns.Operator.Notifications;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using Esddns.Operator.Systemd;
using Esddns.Operator.Telemetry;
using Esddns.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator;

/// <summary>
/// Composes the operator. The folders follow the data flow: Discovery, Agreement, Reconcile, Dns, State, Api.
/// </summary>
internal static class OperatorApp
{
    /// <summary>The number of records of a cluster that have series of their own.</summary>
    private const int MaxRecords = 12_000;

    /// <summary>The maximum number of open connections: web services, Prometheus, probes and people.</summary>
    private const int MaxConnections = 1000;

    /// <summary>The maximum number of series of an instrument that describes faults.</summary>
    private const int MaxFaults = 5000;

    /// <summary>The maximum number of series of an instrument with one series for each record.</summary>
    private const int MaxServers = SnapshotReadings.MaxUnremarkable + SnapshotReadings.MaxRemarkable;

    /// <summary>
    /// Builds the application and locks its state file. Returns null with all errors when that fails.
    /// </summary>
    public static WebApplication? TryBuild(
        CommandLine commandLine,
        out IReadOnlyList<string> errors,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        try
        {
            return Build(commandLine, out errors, configure);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The framework throws on invalid values of its own settings.
            errors = [ServiceRun.Explain(e)];
            return null;
        }
    }

    private static WebApplication? Build(
        CommandLine commandLine,
        out IReadOnlyList<string> errors,
        Action<WebApplicationBuilder>? configure
    )
    {
        var builder = ServiceRun.CreateBuilder(commandLine.Settings);
        builder.Configuration.AddLegacyEnvironment(Environment.GetEnvironmentVariable);
        configure?.Invoke(builder);
        var reader = new SettingsReader(
            builder.Configuration,
            key => LegacyEnvironment.Describe(key, Environment.GetEnvironmentVariable)
        );
        // A single round (--once) does not use the cluster.
        var kubernetes = KubernetesSettings.Read(reader, Environment.GetEnvironmentVariable);
        var cluster = commandLine.IsOnce ? null : kubernetes;
        var provider = DnsProviders.Read(reader, isInCluster: cluster is not null);
        var settings = OperatorSettings.Read(reader, provider.Ttls, isInCluster: cluster is not null);
        HostSettings.Check(reader);
        errors = [.. commandLine.Errors, .. reader.Errors];
        if (errors.Count > 0)
            return null;

        builder.ListenFirst(defaultUrl: "http://127.0.0.1:8080");
        builder.LimitRequests(MaxConnections);
        builder.AddServiceDefaults(OperatorTracing.Name, OperatorGauges.MeterName);
        if (cluster is not null)
            builder.Services.AddKubernetes(cluster);
        builder.Services.AddOperator(settings, isInCluster: cluster is not null);
        builder.Services.AddSingleton(provider);
        provider.AddTo(builder.Services);
        if (commandLine.Job == Job.Run)
        {
            builder.Services.AddControlLoop();
            builder.Services.AddSystemd(Environment.GetEnvironmentVariable);
            if (settings.Notifications.Channels.Length > 0)
                builder.Services.AddNotifications(settings.Notifications);
        }
        else
        {
            builder.Logging.AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        if (commandLine.Job == Job.TestNotifications)
            builder.Services.AddNotificationChannels(settings.Notifications);
        if (commandLine.Job is Job.CheckConfig or Job.TestNotifications)
            return builder.Build();

        if (StateLock.TryTake(cluster is null ? settings.State.File : null, out var refusal) is not { } stateLock)
        {
            errors = [refusal!];
            return null;
        }

        // A factory, because the container disposes only objects that it creates.
        builder.Services.AddSingleton(_ => stateLock);
        var app = builder.Build();
        app.Services.GetRequiredService<StateStore>();
        var isStateKept = app.Services.GetRequiredService<IStatePersistence>().Problem is null;
        if (app.Services.GetRequiredService<StateLock>().Problem is { } problem && isStateKept)
            app.Services.GetRequiredService<ILogger<StateLock>>().StateNotLocked(problem);
        // Creates them: no other service needs them.
        app.Services.GetServices<IGauges>();
        app.UseAllowedHosts(new AllowedHosts([.. settings.Api.AllowedHosts, .. ServiceNames.In(cluster?.Namespace)]));
        app.MapDefaultEndpoints();
        app.MapStatusApi();
        return app;
    }

    private static void AddOperator(this IServiceCollection services, OperatorSettings settings, bool isInCluster)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(SeriesOf(isInCluster ? null : settings.Records.Count));
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton(settings);
        services.AddSingleton(settings.Agreement);
        services.AddSingleton(settings.State);
        services.TryAddSingleton(new HostIdentity(Environment.MachineName));
        services.TryAddSingleton<ISyncRequests, LocalSync>();
        services.TryAddSingleton<IStatePersistence, StateFile>();
        services.TryAddSingleton<IStateRefresher, NoRefresh>();
        services.AddSingleton<StateStore>();
        services.AddSingleton<IGaugeReadings, SnapshotReadings>();
        services.AddSingleton<IGauges, OperatorGauges>();
        services.AddStatusApi(settings.Api);
        services.AddDiscovery(settings.Discovery);
        services.AddReconciler(settings.Loop, settings.Authoritative, settings.Records);
    }

    /// <summary>
    /// The limits of the series of records: one or two for each record, and one for each status or fault of a record. A
    /// cluster can get records at any time.
    /// </summary>
    private static ManySeries SeriesOf(int? configured)
    {
        var (records, faults) = configured is { } known
            ? (2 * known, Math.Min(10 * known, MaxFaults))
            : (MaxRecords, MaxFaults);
        var servers = Math.Min(records, MaxServers);
        var limits = OperatorGauges
            .OfRecords.Select(name => (name, records))
            .Concat(OperatorGauges.OfFaults.Select(name => (name, faults)))
            .Concat(OperatorGauges.OfServers.Select(name => (name, servers)))
            .Select(l => (l.name, Math.Max(l.Item2, MetricStreams.FewSeries)))
            .Concat(OperatorMetrics.MaxSeries.Select(m => (m.Key, m.Value)));
        return new ManySeries(limits.ToDictionary());
    }
}
