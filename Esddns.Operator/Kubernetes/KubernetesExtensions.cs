using Esddns.Operator.Api;
using Esddns.Operator.Configuration;
using Esddns.Operator.Discovery;
using Esddns.Operator.Dns;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;
using Esddns.Operator.Kubernetes.Crd;
using Esddns.Operator.Kubernetes.Credentials;
using Esddns.Operator.Kubernetes.Deletion;
using Esddns.Operator.Kubernetes.Events;
using Esddns.Operator.Kubernetes.Informers;
using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Observers;
using Esddns.Operator.Kubernetes.Publishing;
using Esddns.Operator.Kubernetes.Records;
using Esddns.Operator.Kubernetes.Sources;
using Esddns.Operator.Kubernetes.Status;
using Esddns.Operator.Notifications.Queue;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Desired;
using Esddns.Operator.State;
using Esddns.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Esddns.Operator.Kubernetes;

/// <summary>Registers the services of an operator in a cluster. They implement interfaces of the core.</summary>
internal static class KubernetesExtensions
{
    /// <summary>
    /// Adds the services. Call this before the control loop is added: services stop in reverse order, and the Lease
    /// must be released after the loop has ended.
    /// </summary>
    public static IServiceCollection AddKubernetes(this IServiceCollection services, KubernetesOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new HostIdentity(options.Identity));
        services.TryAddSingleton(s => ClusterClient.Create(options, s.GetRequiredService<TimeProvider>()));
        services.AddInformer(api =>
            ResourceClients.ConfigMapMetadata(api, options.Namespace, KubernetesOptions.StateName)
        );
        services.AddSingleton<StateAnnotations>();

        services.AddSingleton<LeaseLock>();
        services.AddSingleton<LeaseObserver>();
        services.AddSingleton(s =>
            ActivatorUtilities.CreateInstance<LeaderElector>(
                s,
                (LeadershipTerm term) => s.GetRequiredService<LeaderHandover>().RunAsync(term)
            )
        );
        services.AddSingleton<ILeadership>(s => s.GetRequiredService<LeaderElector>());
        services.AddHostedService(s => s.GetRequiredService<LeaderElector>());
        services.AddSingleton<LeaderHandover>();
        services.AddSingleton<LeaderInformers>();

        services.TryAddSingleton(new StateSizeLimit());
        services.AddSingleton(s =>
            ActivatorUtilities.CreateInstance<ClusterState>(s, () => s.GetRequiredService<OwnershipWriter>())
        );
        services.AddSingleton<IStatePersistence>(s => s.GetRequiredService<ClusterState>());
        services.AddSingleton(s =>
            ActivatorUtilities.CreateInstance<SyncRequests>(s, () => s.GetRequiredService<LeaderElector>())
        );
        services.AddSingleton<ISyncRequests>(s => s.GetRequiredService<SyncRequests>());
        services.AddSingleton<ILedgerStore, ClusterLedger>();
        services.AddSingleton<FollowedState>();
        services.AddSingleton<StateFollower>();
        services.AddSingleton<IStateRefresher>(s => s.GetRequiredService<StateFollower>());
        services.AddHostedService(s => s.GetRequiredService<StateFollower>());

        services.AddSingleton<NodeReportReader>();
        services.AddSingleton<IPeerObservations>(s => s.GetRequiredService<NodeReportReader>());
        services.AddSingleton<IGauges, ClusterGauges>();
        services.AddSingleton<NodeReportWriter>();
        services.AddSingleton<IObservationPublisher>(s => s.GetRequiredService<NodeReportWriter>());
        services.AddHostedService(s => s.GetRequiredService<NodeReportWriter>());

        services.AddSingleton<AddressSources>();
        services.AddSingleton(s => new AddressRules(a =>
            s.GetRequiredService<OperatorSettings>().Agreement.Refused(a)?.Name
        ));
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton<ServiceRecords>();
        services.AddSingleton<SpecRules>();
        services.AddSingleton<DynamicRecordReader>();
        services.AddSingleton<DeletionCauses>();
        services.AddSingleton<AccessRules>();
        services.AddSingleton<RecordRequestReader>();
        services.AddSingleton<ZoneLists>();
        services.AddSingleton<ConfigMapRecord>();
        services.AddSingleton<ClusterRecords>();
        services.AddSingleton<IDesiredRecords>(s => s.GetRequiredService<ClusterRecords>());
        services.AddSingleton<SecretTokens>();
        services.AddSingleton<ITokenStore>(s => s.GetRequiredService<SecretTokens>());
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<Finalizers>();
        services.AddSingleton<StatusPatch>();
        services.AddSingleton<DynamicRecordStatusWriter>();
        services.AddSingleton<OwnershipWriter>();
        services.AddSingleton<ObjectWriter>();
        services.AddHostedService<ResultWriter>();
        return services;
    }

    /// <summary>Adds an informer that runs in every pod.</summary>
    private static void AddInformer<T>(this IServiceCollection services, Func<ApiClient, ResourceClient<T>> kind)
        where T : KubernetesObject
    {
        services.AddSingleton(s => new Informer<T>(
            kind(s.GetRequiredService<ApiClient>()),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<Random>(),
            s.GetRequiredService<ILogger<Informer<T>>>()
        ));
        services.AddHostedService<InformerRunner<T>>();
    }

    /// <summary>Runs the informer while the host runs.</summary>
    private sealed class InformerRunner<T>(Informer<T> informer) : BackgroundService
        where T : KubernetesObject
    {
        /// <inheritdoc/>
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => informer.RunAsync(stoppingToken);
    }
}
