using Esddns.Operator.Kubernetes.Leadership;
using Esddns.Operator.Reconcile;
using Esddns.Operator.Reconcile.Addresses;
using Esddns.Operator.Reconcile.Loop;
using Esddns.Operator.State;

namespace Esddns.Operator.Kubernetes.Publishing;

/// <summary>Copies the published state of the leader to the state of this pod.</summary>
internal sealed class FollowedState(
    StateAnnotations published,
    LeaderElector elector,
    ClusterState clusterState,
    StateStore state,
    LocalObservations local,
    ReconcileTrigger trigger
)
{
    /// <summary>Stores a state that was read.</summary>
    /// <param name="snapshot">The published state.</param>
    /// <param name="version">The version of its ConfigMap.</param>
    public void Store(Snapshot snapshot, long version)
    {
        // Checked within the update: an earlier read must not replace a state that was taken over or written since.
        state.Update(s =>
            elector.HoldsLease || version < clusterState.Version
                ? s
                : snapshot with
                {
                    Leader = published.Leader,
                    Stale = published.Staleness,
                }
        );
        // Observers look for the same address families as the leader.
        if (snapshot.Wan.Any(w => local.WanOf(w.Family) is null))
            trigger.Request(ReconcileReason.Cluster);
    }

    /// <summary>Updates the name of the leader, and whether the state is stale.</summary>
    public void UpdateLeader()
    {
        var (leader, staleness) = (published.Leader, published.Staleness);
        if (leader == state.Current.Leader && staleness == state.Current.Stale)
            return;
        state.Update(s =>
            elector.HoldsLease ? s with { Stale = staleness } : s with { Leader = leader, Stale = staleness }
        );
    }
}
