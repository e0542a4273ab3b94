using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Authoritative;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.Reconcile.Retries;
using Esddns.Operator.Reconcile.Verification;
using Esddns.Operator.Reconcile.Writing;
using Esddns.Operator.Reconcile.Zones;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Reconcile;

/// <summary>Registers the reconciler and the control loop.</summary>
internal static class ReconcileExtensions
{
    /// <summary>Adds the services of a single round.</summary>
    public static IServiceCollection AddReconciler(
        this IServiceCollection services,
        LoopOptions options,
        AuthoritativeOptions authoritative,
        IReadOnlyList<DesiredRecord> records
    )
    {
        services.AddSingleton(options);
        services.AddSingleton(new ConfiguredRecords(records));
        services.TryAddSingleton<IDesiredRecords>(s => s.GetRequiredService<ConfiguredRecords>());
        services.TryAddSingleton<ILeadership, AlwaysLeader>();
        services.AddSingleton<LocalObservations>();
        services.AddSingleton(Random.Shared);
        services.AddSingleton<ReconcileTrigger>();
        services.AddSingleton<ConvergenceClock>();
        services.AddSingleton<IGauges, ConvergenceGauge>();
        services.AddSingleton<UnconfirmedWrites>();
        services.AddSingleton<AddressDiscovery>();
        services.AddSingleton<WanObserver>();
        services.AddSingleton<DesiredStates>();
        services.AddSingleton<ZoneFinder>();
        services.AddSingleton(authoritative);
        services.AddSingleton<NameServerFinder>();
        services.AddSingleton<AuthoritativeReader>();
        services.AddSingleton<RecordStateReader>();
        services.AddSingleton<ChangeHistory>();
        services.AddSingleton<RecordStateUpdater>();
        services.AddSingleton<RecordWriter>();
        services.AddSingleton<ZoneBackoff>();
        services.AddSingleton<RetryDelay>();
        services.AddSingleton<Backoff<HostedZone>>();
        services.AddSingleton<Backoff<ZoneFinder>>();
        services.AddSingleton<Backoff<RejectedWrite>>();
        services.AddSingleton<RecordPlanner>();
        services.AddSingleton<ZoneSelection>();
        services.AddSingleton<ZoneReconciler>();
        services.AddSingleton<ZoneRunner>();
        services.AddSingleton<Reconciler>();
        return services;
    }

    /// <summary>Adds the control loop, its triggers and its health checks.</summary>
    public static IServiceCollection AddControlLoop(this IServiceCollection services)
    {
        services.AddSingleton<LoopHealthCheck>();
        services.AddSingleton<RoundRateLimiter>();
        services.AddSingleton<LeaderRetries>();
        services.AddSingleton<RoundSchedule>();
        services.AddHostedService<ControlLoop>();
        services.AddHostedService<CanaryWatch>();
        services.AddHostedService<NetworkWatch>();
        services.AddHostedService<CredentialsWatch>();
        services.AddHostedService<PropagationWatch>();
        services
            .AddHealthChecks()
            .AddCheck<LoopHealthCheck>("loop")
            .AddCheck<RecordHealthCheck>("records")
            .AddCheck<StateHealthCheck>("state");
        return services;
    }
}
