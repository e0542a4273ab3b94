using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Kubernetes.Watching;
using Esddns.Operator.Reconcile;
using Esddns.Operator.State;
using k8s.Models;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>
/// Makes every pod know what the leader published, and who that is. A pod that cannot reach the API server keeps what it knew, marked as
/// stale. To the leader it brings the requests of the others.
/// </summary>
internal sealed class StateFollower(
    ObjectCache<V1ConfigMap> maps, ObjectCache<V1Lease> leases, Election election, ClusterState kept,
    SyncRequests requests, KubernetesOptions options, StateStore state, LocalView local, Wakeups wakeups)
    : BackgroundService
{
    private string? _read;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var change = Task.WhenAny(maps.NextChange(), leases.NextChange());
            var map = maps.Find(KubernetesOptions.StateName, options.Namespace);
            var followed = Follow(map);
            var marked = Marked(followed ?? state.Current);
            if (followed is not null || marked.Leader != state.Current.Leader || marked.Stale != state.Current.Stale)
            {
                // Asked again within the update: what was read before must not replace what was taken over since.
                state.Update(s => (followed is null || election.IsLeading ? s : followed) with
                {
                    Leader = marked.Leader,
                    Stale = marked.Stale,
                });
            }

            // What the leader looks for, its observers look for as well.
            if (followed is not null && followed.Wan.Any(w => local.WanOf(w.Family) is null)) wakeups.Wake(RoundReason.Cluster);
            if (election.IsHeld) _ = requests.AnswerAsync(map, stoppingToken);
            await change.WaitAsync(stoppingToken);
        }
    }

    /// <summary>
    /// What the leader published, when it is news, this is not the leader itself, and it is not older than what this
    /// one read or wrote when it last led.
    /// </summary>
    private Snapshot? Follow(V1ConfigMap? map)
    {
        if (election.IsLeading)
        {
            _read = null;
            return null;
        }

        if (map?.Metadata.ResourceVersion is not { } version || version == _read) return null;
        if (ClusterState.VersionOf(map) < kept.Version) return null;
        _read = version;
        return ClusterState.Read(map);
    }

    private Snapshot Marked(Snapshot snapshot)
    {
        var holder = leases.Find(KubernetesOptions.LeaseName, options.Namespace)?.Spec?.HolderIdentity;
        var lost = maps.LostSince is { } since ? new Staleness(since, maps.Problem ?? "") : null;
        return snapshot with { Leader = string.IsNullOrEmpty(holder) ? null : holder, Stale = lost };
    }
}
